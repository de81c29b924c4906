package io.moiety.broker.delivery;

import java.util.List;
import java.util.Optional;

/** A client's POP. */
final class PopReceive extends Waiting {
  private final PopRequest request;
  private final boolean classic;
  private final Pops pops;
  private final PopAnswer answer;

  PopReceive(
      GroupTopic groupTopic,
      PopRequest request,
      boolean classic,
      int maxMessages,
      int maxBytes,
      int maxDeliveries,
      long deadlineMillis,
      Pops pops,
      PopAnswer answer) {
    super(groupTopic, request.filter(), maxMessages, maxBytes, maxDeliveries, deadlineMillis);
    this.request = request;
    this.classic = classic;
    this.pops = pops;
    this.answer = answer;
  }

  /** True when this is an earlier request of the same attempt. */
  boolean isRepeatedBy(PopRequest again) {
    return again.attemptId().isPresent()
        && again.attemptId().equals(request.attemptId())
        && again.queueId() == request.queueId();
  }

  @Override
  boolean wants(int queueId) {
    return request.queueId() < 0 || request.queueId() == queueId;
  }

  @Override
  boolean isInOrder() {
    return request.inOrder();
  }

  /** The subscribers of Jakarta Messaging each have a selector of their own. */
  @Override
  boolean speaksForGroup() {
    return classic;
  }

  @Override
  Lease lease(GroupQueue queue, long queueOffset, long nowMillis) {
    return pops.lease(queue, queueOffset, nowMillis, request);
  }

  @Override
  void ended() {
    pops.ended(request.connectionId(), this);
  }

  @Override
  void messages(List<Delivered> messages, long nowMillis) {
    answer.messages(messages, nowMillis, groupTopic().unacknowledged());
  }

  @Override
  void nothing(Optional<String> stopped) {
    answer.nothing();
  }

  @Override
  void refused(Refusal refusal) {
    answer.refused(refusal);
  }
}
