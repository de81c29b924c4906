package io.moiety.broker.delivery;

import java.util.Optional;

/**
 * RocketMQ's NOTIFICATION: answers when there is something to pop, at the latest at the end of the
 * wait. It is made for proxies, which pop when they are told.
 *
 * <p>Owner: the store turn.
 */
public final class PopQuestions {
  private final GroupTopics groupTopics;
  private final Waiters waiters;
  private final Admission admission;
  private final PopWaits waits;
  private final DeliveryLimits limits;

  PopQuestions(
      GroupTopics groupTopics,
      Waiters waiters,
      Admission admission,
      PopWaits waits,
      DeliveryLimits limits) {
    this.groupTopics = groupTopics;
    this.waiters = waiters;
    this.admission = admission;
    this.waits = waits;
    this.limits = limits;
  }

  public void ask(PopQuestion question, long nowMillis, PopNotice notice) {
    Optional<Refusal> refusal =
        waits
            .refuse(question.connectionId())
            .or(() -> admission.refuseQueue(question.topic(), question.queueId()))
            .or(() -> admission.refuseClassic(question.group(), question.topic()));
    if (refusal.isPresent()) {
      notice.refused(refusal.get());
      return;
    }
    PopAsking asking =
        new PopAsking(
            groupTopics.open(question.group(), question.topic()),
            question,
            nowMillis + limits.waitMillis(question.waitMillis()),
            waits,
            notice);
    waits.begins(question.connectionId(), asking);
    waiters.add(asking, nowMillis);
  }
}
