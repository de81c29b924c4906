package io.moiety.broker.access;

import io.moiety.protocol.SystemTopics;
import java.util.Set;

/** One thing that a request needs besides a signature. */
sealed interface Demand {

  Demand ADMIN = new Admin();

  /** Whether one of several permissions is enough. */
  enum Kind {
    ALL,
    ANY
  }

  /** What only an administrator may do. */
  record Admin() implements Demand {

    @Override
    public String toString() {
      return "what only an admin may do";
    }
  }

  /** Permissions for a topic. */
  record OfTopic(String name, Kind kind, Set<Permission> permissions) implements Demand {

    public OfTopic {
      permissions = Set.copyOf(permissions);
    }

    @Override
    public String toString() {
      return "Topic:" + name;
    }
  }

  /** To consume as a group. */
  record OfGroup(String name) implements Demand {

    @Override
    public String toString() {
      return "Group:" + name;
    }
  }

  /** To send. */
  static Demand send(String topic) {
    return ofTopic(topic, Kind.ALL, Permission.PUB);
  }

  /** To consume. */
  static Demand consume(String topic) {
    return ofTopic(topic, Kind.ALL, Permission.SUB);
  }

  /** To ask about a topic: whoever sends to it or consumes it may. */
  static Demand know(String topic) {
    return ofTopic(topic, Kind.ANY, Permission.PUB, Permission.SUB);
  }

  /** To take a topic away. */
  static Demand both(String topic) {
    return ofTopic(topic, Kind.ALL, Permission.PUB, Permission.SUB);
  }

  /** Retries and dead letters are the group's, whatever is done with them. */
  private static Demand ofTopic(String topic, Kind kind, Permission... permissions) {
    if (SystemTopics.isRetry(topic)) {
      return new OfGroup(topic.substring(SystemTopics.RETRY_PREFIX.length()));
    }
    return SystemTopics.isDeadLetter(topic)
        ? new OfGroup(topic.substring(SystemTopics.DEAD_LETTER_PREFIX.length()))
        : new OfTopic(topic, kind, Set.of(permissions));
  }
}
