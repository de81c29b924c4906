package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import java.util.List;
import java.util.Optional;

/** A client that wants to know whether there is something, and takes nothing. */
final class PopAsking extends Waiting {
  private final PopQuestion question;
  private final PopWaits waits;
  private final PopNotice notice;

  PopAsking(
      GroupTopic groupTopic,
      PopQuestion question,
      long deadlineMillis,
      PopWaits waits,
      PopNotice notice) {
    super(groupTopic, MessageFilter.ALL, 1, 1, 0, deadlineMillis);
    this.question = question;
    this.waits = waits;
    this.notice = notice;
  }

  /** True when one of the queues has a message that a POP may have. */
  boolean isAnsweredBy(List<GroupQueue> queues) {
    return queues.stream()
        .anyMatch(
            queue ->
                wants(queue.key().queueId())
                    && (!isInOrder() || queue.isFreeFor(question.attemptId()))
                    && queue.nextAvailable(0).isPresent());
  }

  void something() {
    notice.told(true);
  }

  @Override
  boolean wants(int queueId) {
    return question.queueId() < 0 || question.queueId() == queueId;
  }

  @Override
  boolean isInOrder() {
    return question.inOrder();
  }

  @Override
  Lease lease(GroupQueue queue, long queueOffset, long nowMillis) {
    throw new IllegalStateException("a question takes no message");
  }

  @Override
  void ended() {
    waits.ended(question.connectionId(), this);
  }

  @Override
  void messages(List<Delivered> messages, long nowMillis) {
    throw new IllegalStateException("a question takes no message");
  }

  @Override
  void nothing(Optional<String> stopped) {
    notice.told(false);
  }

  @Override
  void refused(Refusal refusal) {
    notice.refused(refusal);
  }
}
