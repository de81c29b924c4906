package io.moiety.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which subscriptions the consumers of one connection use; the broker sees to it between
 * connections. Thread-safe.
 */
final class ActiveSubscriptions {

  /**
   * @param selector all its consumers have the same, but for those of a queue
   */
  private record Use(String topic, Optional<String> selector, int consumers) {

    static Use none(Subscription subscription) {
      return new Use(subscription.topic(), subscription.selector(), 0);
    }

    Use with(int count) {
      return new Use(topic, selector, count);
    }

    boolean isAnother(Subscription subscription) {
      return !topic.equals(subscription.topic())
          || (!subscription.isOfQueue() && !selector.equals(subscription.selector()));
    }
  }

  private final Map<String, Use> uses = new HashMap<>();

  /**
   * @throws IllegalStateException when it is in use, and exclusive or with another topic or
   *     selector
   */
  synchronized void enter(Subscription subscription) throws JMSException {
    Use use = uses.getOrDefault(subscription.group(), Use.none(subscription));
    if (use.consumers() > 0 && subscription.exclusive()) {
      throw new IllegalStateException(
          "The subscription to "
              + subscription.destination()
              + " has an active consumer; close it, or use a shared subscription");
    }
    if (use.consumers() > 0 && use.isAnother(subscription)) {
      throw new IllegalStateException(
          "The shared subscription to "
              + subscription.destination()
              + " has consumers with another topic or selector; close them before changing it, or use"
              + " another name");
    }
    uses.put(subscription.group(), use.with(use.consumers() + 1));
  }

  /** True when this was the last consumer of it. */
  synchronized boolean leave(Subscription subscription) {
    Use use = uses.get(subscription.group());
    if (use != null && use.consumers() > 1) {
      uses.put(subscription.group(), use.with(use.consumers() - 1));
      return false;
    }
    uses.remove(subscription.group());
    return true;
  }

  /** Does it now, when the subscription has no consumer and before it can have one. */
  synchronized void whileUnused(String group, Runnable action) {
    if (!uses.containsKey(group)) {
      action.run();
    }
  }

  synchronized boolean isActive(String group) {
    return uses.containsKey(group);
  }

  synchronized boolean isReceivedFrom(String topic) {
    return uses.values().stream().anyMatch(use -> use.topic().equals(topic));
  }
}
