package io.moiety.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import java.util.HashMap;
import java.util.Map;

/**
 * Which subscriptions the consumers of one connection use; the broker sees to it between
 * connections. Thread-safe.
 */
final class ActiveSubscriptions {

  private record Use(String topic, int consumers) {}

  private final Map<String, Use> uses = new HashMap<>();

  /**
   * @throws IllegalStateException when it is exclusive and in use
   */
  synchronized void enter(Subscription subscription) throws JMSException {
    Use use = uses.getOrDefault(subscription.group(), new Use(subscription.topic(), 0));
    if (use.consumers() > 0 && subscription.exclusive()) {
      throw new IllegalStateException(
          "The subscription to "
              + subscription.destination()
              + " has an active consumer; close it, or use a shared subscription");
    }
    uses.put(subscription.group(), new Use(subscription.topic(), use.consumers() + 1));
  }

  /** True when this was the last consumer of it. */
  synchronized boolean leave(Subscription subscription) {
    Use use = uses.get(subscription.group());
    if (use != null && use.consumers() > 1) {
      uses.put(subscription.group(), new Use(use.topic(), use.consumers() - 1));
      return false;
    }
    uses.remove(subscription.group());
    return true;
  }

  synchronized boolean isActive(String group) {
    return uses.containsKey(group);
  }

  synchronized boolean isReceivedFrom(String topic) {
    return uses.values().stream().anyMatch(use -> use.topic().equals(topic));
  }
}
