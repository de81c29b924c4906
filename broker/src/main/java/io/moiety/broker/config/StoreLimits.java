package io.moiety.broker.config;

/**
 * How much of what is kept for good clients may make.
 *
 * @param maxTopics topics, those of retries and dead letters included
 * @param maxQueues queues of all topics together
 * @param maxGroups consumer groups and subscriptions
 */
public record StoreLimits(int maxTopics, int maxQueues, int maxGroups) {

  /** What holds where nothing is set. */
  public static StoreLimits defaults() {
    return new StoreLimits(50_000, 200_000, 50_000);
  }
}
