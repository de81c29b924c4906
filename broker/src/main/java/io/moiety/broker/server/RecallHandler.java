package io.moiety.broker.server;

import io.moiety.broker.delay.DelayedMessage;
import io.moiety.broker.delay.PendingDelays;
import io.moiety.broker.delay.PendingDelays.Fate;
import io.moiety.broker.index.KeySearch;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RecallHandle;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * RECALL_MESSAGE: cancels a message with an exact delay. Where RocketMQ answers success to every
 * recall in time, this one says whether there was something to cancel.
 */
public final class RecallHandler implements RequestHandler {
  private final String brokerName;
  private final TopicTable topics;
  private final DelayedCopies copies;
  private final PendingDelays pending;
  private final OnReaders readers;
  private final InTurn inTurn;

  /**
   * A handler over one store.
   *
   * @param readers refuses when too much waits
   */
  public RecallHandler(
      String brokerName,
      TopicTable topics,
      KeySearch search,
      PendingDelays pending,
      Executor readers,
      InTurn inTurn) {
    this.brokerName = brokerName;
    this.topics = topics;
    this.copies = new DelayedCopies(search);
    this.pending = pending;
    this.readers = new OnReaders(readers);
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

  /** Looks for it on a thread that may wait for the disk; the handle is of one of its copies. */
  private void recall(RecallHandle handle, Reply reply) {
    readers.run(
        reply,
        () -> {
          List<DelayedMessage> found =
              copies.dueAt(handle.topic(), handle.uniqueKey(), handle.dueMillis());
          inTurn.append(reply, () -> cancel(handle, found, reply));
        });
  }

  private void cancel(RecallHandle handle, List<DelayedMessage> found, Reply reply) {
    Fields answer = Fields.builder().put("msgId", handle.uniqueKey()).build();
    boolean cancelled =
        !found.isEmpty()
            && pending.cancel(found, stored -> StoreReplies.whenStored(reply, stored, answer))
                == Fate.WAITING;
    if (!cancelled) {
      reply.fail(
          ResponseCode.ILLEGAL_OPERATION,
          "recall failed, no message "
              + handle.uniqueKey()
              + " waits to be delivered to topic "
              + handle.topic()
              + ": it was delivered or recalled already, or never was");
    }
  }
}
