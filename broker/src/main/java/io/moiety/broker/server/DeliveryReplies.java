package io.moiety.broker.server;

import io.moiety.broker.delivery.Refusal;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ResponseCode;
import java.util.Optional;

/** The border between refusals of delivery and the wire. */
final class DeliveryReplies {
  private DeliveryReplies() {}

  static void refuse(Reply reply, Refusal refusal) {
    reply.fail(codeOf(refusal.reason()), refusal.text());
  }

  /** For requests whose answer says no more than that they were carried out. */
  static void done(Reply reply, Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      refuse(reply, refusal.get());
    } else {
      reply.success(Fields.empty());
    }
  }

  static int codeOf(Refusal.Reason reason) {
    return switch (reason) {
      case UNKNOWN_SESSION, IN_USE -> ResponseCode.ILLEGAL_OPERATION;
      case UNKNOWN_TOPIC -> ResponseCode.TOPIC_NOT_EXIST;
      case UNKNOWN_GROUP -> ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST;
      case NOT_LEASED, INVALID -> ResponseCode.INVALID_PARAMETER;
      case LIMIT_REACHED -> ResponseCode.SYSTEM_BUSY;
      case NOT_PERMITTED -> ResponseCode.NO_PERMISSION;
    };
  }
}
