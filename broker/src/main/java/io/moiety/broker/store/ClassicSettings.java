package io.moiety.broker.store;

import java.util.Optional;

/**
 * What RocketMQ's tools set about a consumer group (its {@code SubscriptionGroupConfig}), apart
 * from how often a message is tried.
 *
 * @param consumeEnabled (consumeEnable) false refuses the group's pulls and POPs
 * @param consumeFromMin (consumeFromMinEnable) kept and shown, without effect here
 * @param broadcastEnabled (consumeBroadcastEnable) false refuses pulls of broadcasting members
 * @param orderly (consumeMessageOrderly) kept and shown, without effect here
 * @param notifiesMembers (notifyConsumerIdsChangedEnable) whether members are told at once that
 *     others came or went
 * @param retryQueues (retryQueueNums) queues of the retry topic; 0 keeps nothing for a retry
 * @param brokerId from which broker of a name to pull first; kept and shown, without effect here
 * @param slowBrokerId (whichBrokerWhenConsumeSlowly) kept and shown, without effect here
 * @param consumeTimeoutMinutes (consumeTimeoutMinute) kept and shown, without effect here
 * @param sysFlag (groupSysFlag) told to consumers with every pull
 * @param retryPolicy (groupRetryPolicy) as JSON; kept and shown, without effect here
 */
public record ClassicSettings(
    boolean consumeEnabled,
    boolean consumeFromMin,
    boolean broadcastEnabled,
    boolean orderly,
    boolean notifiesMembers,
    int retryQueues,
    long brokerId,
    long slowBrokerId,
    int consumeTimeoutMinutes,
    int sysFlag,
    Optional<String> retryPolicy) {

  /** What RocketMQ has for a group that nobody has set up. */
  public static ClassicSettings defaults() {
    return new ClassicSettings(true, true, true, false, true, 1, 0, 1, 15, 0, Optional.empty());
  }
}
