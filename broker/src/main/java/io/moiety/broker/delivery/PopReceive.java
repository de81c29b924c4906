package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import java.util.List;
import java.util.Optional;

/** A client's POP. */
final class PopReceive extends Waiting {
  private final PopRequest request;
  private final Pops pops;
  private final PopAnswer answer;

  PopReceive(
      GroupTopic groupTopic,
      PopRequest request,
      MessageFilter filter,
      int maxMessages,
      int maxBytes,
      int maxDeliveries,
      long deadlineMillis,
      Pops pops,
      PopAnswer answer) {
    super(groupTopic, filter, maxMessages, maxBytes, maxDeliveries, deadlineMillis);
    this.request = request;
    this.pops = pops;
    this.answer = answer;
  }

  long connectionId() {
    return request.connectionId();
  }

  @Override
  boolean wants(int queueId) {
    return request.queueId() < 0 || request.queueId() == queueId;
  }

  @Override
  Lease lease(GroupQueue queue, long queueOffset, long nowMillis) {
    return pops.lease(queue, queueOffset, nowMillis, request.invisibleMillis());
  }

  @Override
  void ended() {
    pops.ended(this);
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
