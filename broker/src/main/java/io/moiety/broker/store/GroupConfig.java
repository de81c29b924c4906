package io.moiety.broker.store;

import java.util.Optional;

/**
 * A consumer group; a Jakarta Messaging subscription is one that is bound to a topic.
 *
 * @param topic the topic that the subscription is on; empty for classic groups; the receivers of a
 *     queue are a subscription on it with its name
 * @param selector messages that do not match are passed over for this group
 * @param noLocalClient messages sent by this client are passed over for this group
 * @param durable survives its connections; false: deleted with the last one and when the broker
 *     starts
 * @param exclusive one connection at a time
 * @param retains the log keeps the messages of its topic until the group has acknowledged them, as
 *     Jakarta Messaging asks for; those of other groups go by age
 * @param maxRetries deliveries after the first before a message goes to the dead letters, where a
 *     request names no other number; RocketMQ's {@code retryMaxTimes}. Below 0 as 0: none
 * @param classic what RocketMQ's tools set about it
 */
public record GroupConfig(
    String name,
    Optional<String> topic,
    Optional<String> selector,
    Optional<String> noLocalClient,
    boolean durable,
    boolean exclusive,
    boolean retains,
    int maxRetries,
    ClassicSettings classic) {
  /** RocketMQ's default of {@code retryMaxTimes}. */
  public static final int DEFAULT_MAX_RETRIES = 16;

  /** A group without subscription, as RocketMQ's heartbeats, pulls and POPs make it. */
  public static GroupConfig plain(String name) {
    return new GroupConfig(
        name,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true,
        false,
        false,
        DEFAULT_MAX_RETRIES,
        ClassicSettings.defaults());
  }

  /** The group of all receivers of a Jakarta Messaging queue: a subscription with its name. */
  public static GroupConfig ofQueue(String queue) {
    return new GroupConfig(
        queue,
        Optional.of(queue),
        Optional.empty(),
        Optional.empty(),
        true,
        false,
        true,
        DEFAULT_MAX_RETRIES,
        ClassicSettings.defaults());
  }

  /** The same group with other settings of RocketMQ's tools. */
  public GroupConfig with(int newMaxRetries, ClassicSettings newClassic) {
    return new GroupConfig(
        name,
        topic,
        selector,
        noLocalClient,
        durable,
        exclusive,
        retains,
        newMaxRetries,
        newClassic);
  }

  /** Whether the messages of a topic wait for this group. */
  public boolean retains(String ofTopic) {
    return retains && topic.equals(Optional.of(ofTopic));
  }
}
