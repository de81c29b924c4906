package io.moiety.broker.server;

import io.moiety.protocol.body.HeartbeatBody;
import io.moiety.protocol.body.HeartbeatBody.ConsumeFrom;
import io.moiety.protocol.body.HeartbeatBody.ConsumeType;
import io.moiety.protocol.body.HeartbeatBody.MessageModel;

/** How a client consumes in a group, as its heartbeat says. */
record ConsumptionMode(ConsumeType type, MessageModel model, ConsumeFrom from) {

  static ConsumptionMode of(HeartbeatBody.Consumer consumer) {
    return new ConsumptionMode(
        consumer.consumeType(), consumer.messageModel(), consumer.consumeFromWhere());
  }
}
