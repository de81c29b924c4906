package io.moiety.broker.server;

import io.moiety.broker.transaction.XaAnswer;
import io.moiety.broker.transaction.XaRefusal;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ResponseCode;
import javax.transaction.xa.XAResource;

/** The border between branch outcomes and the wire. */
final class XaReplies {
  private XaReplies() {}

  static void done(Reply reply, XaAnswer answer) {
    if (answer instanceof XaAnswer.Refused refused) {
      refuse(reply, refused.refusal());
    } else {
      reply.success(Fields.empty());
    }
  }

  static void prepared(Reply reply, XaAnswer answer) {
    if (answer instanceof XaAnswer.Refused refused) {
      refuse(reply, refused.refusal());
    } else {
      int vote = answer instanceof XaAnswer.ReadOnly ? XAResource.XA_RDONLY : XAResource.XA_OK;
      reply.success(Fields.builder().put("vote", vote).build());
    }
  }

  static void refuse(Reply reply, XaRefusal refusal) {
    reply.send(
        Command.response(
            reply.request(),
            ResponseCode.TRANSACTION_FAILED,
            refusal.reason(),
            Fields.builder().put("xaError", refusal.xaError()).build()));
  }
}
