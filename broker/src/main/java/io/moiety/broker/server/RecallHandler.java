package io.moiety.broker.server;

import io.moiety.broker.delay.Cancellation;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RecallHandle;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Optional;

/**
 * RECALL_MESSAGE: cancels a message with an exact delay. Where RocketMQ answers success to every
 * recall in time, this one says whether there was something to cancel.
 */
public final class RecallHandler implements RequestHandler {
  private final String brokerName;
  private final TopicTable topics;
  private final Cancellation cancellation;
  private final InTurn inTurn;

  public RecallHandler(
      String brokerName, TopicTable topics, Cancellation cancellation, InTurn inTurn) {
    this.brokerName = brokerName;
    this.topics = topics;
    this.cancellation = cancellation;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.RECALL_MESSAGE, this);
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    String topic = request.fields().requiredText("topic");
    Optional<RecallHandle> handle =
        RecallHandle.parse(request.fields().requiredText("recallHandle"));
    if (topics.find(topic).isEmpty()) {
      reply.fail(ResponseCode.TOPIC_NOT_EXIST, "recall failed, the topic[" + topic + "] not exist");
    } else if (handle.isEmpty()) {
      reply.fail(ResponseCode.ILLEGAL_OPERATION, "recall handle is invalid");
    } else if (!handle.get().topic().equals(topic)) {
      reply.fail(
          ResponseCode.ILLEGAL_OPERATION,
          "recall failed, topic not match: the handle is of topic " + handle.get().topic());
    } else if (!handle.get().brokerName().equals(brokerName)) {
      reply.fail(
          ResponseCode.ILLEGAL_OPERATION,
          "recall failed, the handle is of broker "
              + handle.get().brokerName()
              + ", and this is "
              + brokerName);
    } else {
      recall(handle.get(), reply);
    }
  }

  private void recall(RecallHandle handle, Reply reply) {
    Cancellation.Which which =
        new Cancellation.Which(handle.topic(), handle.dueMillis(), handle.uniqueKey());
    Fields answer = Fields.builder().put("msgId", handle.uniqueKey()).build();
    inTurn.append(
        reply,
        () -> cancellation.toRead(which),
        () -> {
          boolean cancelled =
              cancellation.cancel(which, stored -> StoreReplies.whenStored(reply, stored, answer));
          if (!cancelled) {
            reply.fail(
                ResponseCode.ILLEGAL_OPERATION,
                "recall failed, no message "
                    + handle.uniqueKey()
                    + " waits to be delivered to topic "
                    + handle.topic()
                    + ": it was delivered or recalled already, or never was");
          }
        });
  }
}
