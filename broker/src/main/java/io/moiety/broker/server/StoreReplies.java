package io.moiety.broker.server;

import io.moiety.broker.log.PutStatus;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;

/** Answers that wait for the store. */
final class StoreReplies {
  private StoreReplies() {}

  static void whenStored(Reply reply, PutStatus outcome, Fields fields) {
    whenStored(reply, outcome, fields, Command.noBody());
  }

  static void whenStored(Reply reply, PutStatus outcome, Fields fields, ByteBuffer body) {
    if (outcome == PutStatus.PUT_OK) {
      reply.success(fields, body);
    } else {
      reply.fail(
          outcome == PutStatus.FLUSH_DISK_TIMEOUT
              ? ResponseCode.FLUSH_DISK_TIMEOUT
              : ResponseCode.SERVICE_NOT_AVAILABLE,
          "whether this is durable is not known: the store answered " + outcome);
    }
  }
}
