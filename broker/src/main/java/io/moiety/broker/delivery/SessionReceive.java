package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import java.util.List;
import java.util.Optional;

/** A session consumer's RECEIVE. */
final class SessionReceive extends Waiting {
  private final SessionConsumer consumer;
  private final boolean handOver;
  private final ReceiveAnswer answer;

  SessionReceive(
      SessionConsumer consumer,
      MessageFilter filter,
      int maxMessages,
      int maxBytes,
      int maxDeliveries,
      long deadlineMillis,
      boolean handOver,
      ReceiveAnswer answer) {
    super(consumer.groupTopic(), filter, maxMessages, maxBytes, maxDeliveries, deadlineMillis);
    this.consumer = consumer;
    this.handOver = handOver;
    this.answer = answer;
  }

  @Override
  boolean wants(int queueId) {
    return true;
  }

  @Override
  Lease lease(GroupQueue queue, long queueOffset, long nowMillis) {
    SessionLease lease = new SessionLease(queue, queueOffset, handOver, consumer);
    consumer.add(lease);
    return lease;
  }

  @Override
  void ended() {
    consumer.receiveEnded();
  }

  @Override
  void messages(List<Delivered> messages, long nowMillis) {
    answer.messages(messages);
  }

  @Override
  void nothing(Optional<String> stopped) {
    answer.nothing(stopped);
  }

  @Override
  void refused(Refusal refusal) {
    answer.refused(refusal);
  }
}
