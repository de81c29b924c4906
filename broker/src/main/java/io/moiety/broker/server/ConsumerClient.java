package io.moiety.broker.server;

import java.util.Map;

/**
 * One client in one consumer group, as its last heartbeat described it.
 *
 * @param subscriptions by topic
 */
record ConsumerClient(
    String clientId,
    Connection connection,
    ConsumptionMode mode,
    Map<String, Subscription> subscriptions) {

  ConsumerClient {
    subscriptions = Map.copyOf(subscriptions);
  }

  /** About what its subscriptions take of the heap. */
  long sizeBytes() {
    return subscriptions.values().stream().mapToLong(Subscription::sizeBytes).sum();
  }
}
