package io.moiety.jms;

import io.moiety.protocol.NameEscapes;
import io.moiety.protocol.SubscriptionGroups;
import io.moiety.protocol.SystemTopics;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names of Jakarta Messaging in the character set of RocketMQ's: letters, digits and {@code %|_-}.
 * Destination names keep every character of that set, so that dead letters ({@code %DLQ%orders})
 * and what other clients made can be named; in parts of subscription names also {@code %} and
 * {@code |} are escaped, so that different names stay different.
 */
final class DestinationNames {

  private static final int MAX_TOPIC_CHARACTERS = 127;
  private static final int MAX_GROUP_CHARACTERS = 120;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private DestinationNames() {}

  static String requireName(@Nullable String name) {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("A destination needs a name that is not empty");
    }
    return name;
  }

  /** The same for what an application gave to a method of Jakarta Messaging. */
  static String given(@Nullable String name) throws JMSException {
    if (name == null || name.isBlank()) {
      throw new InvalidDestinationException("A destination needs a name that is not empty");
    }
    return name;
  }

  /** The broker's topic for a destination. */
  static String topic(NamedDestination destination) throws JMSException {
    String topic = NameEscapes.topic(destination.name());
    if (topic.isEmpty() || topic.length() > MAX_TOPIC_CHARACTERS) {
      throw new InvalidDestinationException(
          "The name of "
              + destination
              + " takes "
              + topic.length()
              + " characters at the broker; allowed are 1 to "
              + MAX_TOPIC_CHARACTERS);
    }
    if (SystemTopics.isReserved(topic)) {
      throw new InvalidDestinationException(
          "The name of " + destination + " belongs to the broker; choose another one");
    }
    return topic;
  }

  /** The group of an unshared subscription that ends with its consumer. */
  static String transientGroup(String uniqueName) {
    return SubscriptionGroups.TRANSIENT + NameEscapes.escape(uniqueName, "_-");
  }

  /**
   * The group of a durable subscription. Shared and unshared ones of one name are the same group,
   * since the specification forbids that both exist.
   */
  static String durableGroup(@Nullable String clientId, String subscription) {
    return group(SubscriptionGroups.DURABLE, clientId, subscription);
  }

  /** The group of a shared subscription that ends with its last consumer. */
  static String sharedGroup(@Nullable String clientId, String subscription) {
    return group(SubscriptionGroups.SHARED, clientId, subscription);
  }

  /** A group that is named as the broker names it. */
  static String requireGroup(String group) throws JMSException {
    if (group.isEmpty()
        || group.length() > MAX_GROUP_CHARACTERS
        || !group.equals(NameEscapes.topic(group))) {
      throw new JMSException(
          "consumerGroup = "
              + group
              + "; allowed: 1 to "
              + MAX_GROUP_CHARACTERS
              + " letters, digits and the characters % | _ -");
    }
    return group;
  }

  private static String group(String prefix, @Nullable String clientId, String subscription) {
    String client = clientId == null ? "" : NameEscapes.escape(clientId, "_-");
    String group = prefix + client + "|" + NameEscapes.escape(subscription, "_-");
    if (group.length() <= MAX_GROUP_CHARACTERS) {
      return group;
    }
    String digest = HEX.formatHex(sha256(group), 0, 16);
    return group.substring(0, MAX_GROUP_CHARACTERS - digest.length() - 1) + "|" + digest;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("Every Java platform has SHA-256", impossible);
    }
  }

  /** Reads what {@link NamedDestination#toText} wrote; empty for what is no destination of ours. */
  static Optional<NamedDestination> parse(String text) {
    for (DestinationKind kind : DestinationKind.values()) {
      if (text.startsWith(kind.prefix()) && text.length() > kind.prefix().length()) {
        return Optional.of(of(kind, text.substring(kind.prefix().length())));
      }
    }
    return Optional.empty();
  }

  private static NamedDestination of(DestinationKind kind, String name) {
    return switch (kind) {
      case QUEUE -> new MoietyQueue(name);
      case TOPIC -> new MoietyTopic(name);
      case TEMPORARY_QUEUE -> new JmsTemporaryQueue(name, null);
      case TEMPORARY_TOPIC -> new JmsTemporaryTopic(name, null);
    };
  }

  /** The destination as one of ours. */
  static NamedDestination own(@Nullable Destination destination) throws JMSException {
    if (destination instanceof NamedDestination named && !named.name().isEmpty()) {
      return named;
    }
    throw new InvalidDestinationException(
        destination == null
            ? "No destination was given"
            : "Destination "
                + destination
                + " of "
                + destination.getClass().getName()
                + " is not one of this provider with a name; make it with createQueue or createTopic");
  }
}
