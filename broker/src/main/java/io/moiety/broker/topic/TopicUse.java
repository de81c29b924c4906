package io.moiety.broker.topic;

/** Knows who uses a topic now. Store turn only. */
@FunctionalInterface
public interface TopicUse {
  /** True when a consumer of a live session is open on the topic. */
  boolean hasConsumers(String topic);
}
