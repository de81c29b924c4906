package io.moiety.jms;

import io.moiety.client.SubscriptionSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a connection has at the broker that ends with it: temporary topics, subscriptions that are
 * not durable, and the claims of its consumers. It is made again with the next one. Thread-safe.
 */
final class Belongings {

  /** A temporary topic as it was made. */
  record Temporary(String topic, int queues, DestinationKind kind) {}

  private final Map<String, Temporary> temporaries = new LinkedHashMap<>();
  private final Map<String, SubscriptionSpec> subscriptions = new LinkedHashMap<>();

  synchronized void made(Temporary temporary) {
    temporaries.put(temporary.topic(), temporary);
  }

  synchronized void deleted(String topic) {
    temporaries.remove(topic);
  }

  synchronized List<Temporary> temporaries() {
    return List.copyOf(temporaries.values());
  }

  synchronized void subscribed(SubscriptionSpec spec) {
    subscriptions.put(spec.group(), spec);
  }

  synchronized void unsubscribed(String group) {
    subscriptions.remove(group);
  }

  /**
   * What has to be subscribed again. A durable one without a consumer has nothing to be made again,
   * and would be claimed from others.
   */
  synchronized List<SubscriptionSpec> subscriptions(Set<String> groupsWithConsumers) {
    subscriptions
        .values()
        .removeIf(spec -> spec.durable() && !groupsWithConsumers.contains(spec.group()));
    return List.copyOf(subscriptions.values());
  }
}
