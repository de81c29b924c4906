package io.moiety.broker.server;

import io.moiety.broker.intake.IncomingMessage;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.protocol.SystemTopics;
import java.util.Optional;

/**
 * Where a message goes that a client itself sends to a retry topic: a consumer in order when it
 * gives a message up, any consumer when its CONSUMER_SEND_MSG_BACK failed. One that may not be
 * tried again is a dead letter, as in RocketMQ's {@code handleRetryAndDLQ}.
 *
 * <p>Owner: the store turn.
 */
public final class RetrySends {

  private final GroupTable groups;
  private final QueueLocks locks;
  private final BrokerClock clock;

  public RetrySends(GroupTable groups, QueueLocks locks, BrokerClock clock) {
    this.groups = groups;
    this.locks = locks;
    this.clock = clock;
  }

  /**
   * The message as it is to be taken.
   *
   * @param maxRetries what its sender allows; otherwise its group's
   */
  IncomingMessage destined(IncomingMessage message, Optional<Integer> maxRetries) {
    if (!SystemTopics.isRetry(message.topic())) {
      return message;
    }
    String group = message.topic().substring(SystemTopics.RETRY_PREFIX.length());
    Optional<Integer> limit = maxRetries.or(() -> groups.find(group).map(GroupConfig::maxRetries));
    boolean exhausted =
        limit.filter(most -> message.reconsumeTimes() > most).isPresent()
            || locks.areHeld(group, clock.nowMillis());
    return exhausted ? message.redirected(SystemTopics.deadLetterTopic(group), 0) : message;
  }
}
