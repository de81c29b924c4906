package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who wants messages of a group on a topic: found at once, or as soon as there are some.
 * Compared by identity. Confined to the store turn.
 */
abstract sealed class Waiting permits SessionReceive, PopReceive, PopAsking {
  private final GroupTopic groupTopic;
  private final MessageFilter filter;
  private final int maxMessages;
  private final int maxBytes;
  private final int maxDeliveries;
  private final long deadlineMillis;

  Waiting(
      GroupTopic groupTopic,
      MessageFilter filter,
      int maxMessages,
      int maxBytes,
      int maxDeliveries,
      long deadlineMillis) {
    this.groupTopic = groupTopic;
    this.filter = filter;
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    this.maxDeliveries = maxDeliveries;
    this.deadlineMillis = deadlineMillis;
  }

  final GroupTopic groupTopic() {
    return groupTopic;
  }

  final MessageFilter filter() {
    return filter;
  }

  final int maxMessages() {
    return maxMessages;
  }

  final int maxBytes() {
    return maxBytes;
  }

  /** 0 for unlimited. */
  final int maxDeliveries() {
    return maxDeliveries;
  }

  final long deadlineMillis() {
    return deadlineMillis;
  }

  /** True when a message of this queue is welcome. */
  abstract boolean wants(int queueId);

  /** True when a queue of which somebody has a message is to be left alone. */
  boolean isInOrder() {
    return false;
  }

  /** True when its group is done with what does not match its filter. */
  boolean speaksForGroup() {
    return false;
  }

  /** Makes the message this one's own. */
  abstract Lease lease(GroupQueue queue, long queueOffset, long nowMillis);

  /** No longer waiting: the owner forgets this, before it is answered. */
  abstract void ended();

  abstract void messages(List<Delivered> messages, long nowMillis);

  abstract void nothing(Optional<String> stopped);

  abstract void refused(Refusal refusal);
}
