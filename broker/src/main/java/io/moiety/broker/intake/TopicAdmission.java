package io.moiety.broker.intake;

import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides whether a topic takes a message, creates it where that is allowed, and chooses the queue.
 *
 * <p>Owner: the store turn.
 */
public final class TopicAdmission {
  private final TopicTable topics;
  private final TopicCreation creation;
  private final Settings settings;

  /**
   * What a message may do.
   *
   * @param autoCreate RocketMQ's {@code autoCreateTopicEnable}
   * @param maxQueues queues that a topic gets at most when a message creates it
   * @param maxMessageBytes the largest body
   */
  public record Settings(boolean autoCreate, int maxQueues, int maxMessageBytes) {}

  public TopicAdmission(TopicTable topics, TopicCreation creation, Settings settings) {
    this.topics = topics;
    this.creation = creation;
    this.settings = settings;
  }

  sealed interface Admission {}

  record Admitted(int queueId) implements Admission {}

  record Refused(int responseCode, String reason) implements Admission {}

  Admission admit(IncomingMessage message) {
    String name = message.topic();
    Optional<String> badBody = refuseBody(message.body());
    if (badBody.isPresent()) {
      return new Refused(ResponseCode.MESSAGE_ILLEGAL, badBody.get());
    }
    if (SystemTopics.isInternal(name) || SystemTopics.isClosedToSends(name)) {
      return new Refused(ResponseCode.NO_PERMISSION, "the topic " + name + " is the broker's own");
    }
    Optional<TopicConfig> topic = topics.find(name);
    return topic.isPresent() ? admit(topic.get(), message.queueId()) : admitToNew(message);
  }

  private Admission admitToNew(IncomingMessage message) {
    String name = message.topic();
    Optional<String> badName = TopicCreation.refuseName(name);
    if (badName.isPresent()) {
      return new Refused(ResponseCode.INVALID_PARAMETER, badName.get());
    }
    if (message.isToTemporary()) {
      return new Refused(
          ResponseCode.TOPIC_NOT_EXIST, "the temporary destination " + name + " is deleted");
    }
    Optional<TopicConfig> topic = create(message);
    if (topic.isEmpty()) {
      return new Refused(
          ResponseCode.TOPIC_NOT_EXIST,
          creation
              .whyNot(name, queuesFor(message))
              .orElse(
                  "the topic "
                      + name
                      + " does not exist and autoCreateTopicEnable is off: create it first"));
    }
    return admit(topic.get(), message.queueId());
  }

  /** Why a body cannot be stored, or empty. */
  Optional<String> refuseBody(ByteBuffer body) {
    return body.remaining() <= settings.maxMessageBytes()
        ? Optional.empty()
        : Optional.of(
            "the body has "
                + body.remaining()
                + " bytes; the limit (maxMessageSize) is "
                + settings.maxMessageBytes());
  }

  private static Admission admit(TopicConfig topic, int queueId) {
    if (!topic.writable()) {
      return new Refused(
          ResponseCode.NO_PERMISSION, "the topic " + topic.name() + " may not be written");
    }
    int queues = Math.max(topic.readQueues(), topic.writeQueues());
    if (queueId >= queues) {
      return new Refused(
          ResponseCode.INVALID_PARAMETER,
          "queueId "
              + queueId
              + " is not one of topic "
              + topic.name()
              + ", which has "
              + queues
              + " queues");
    }
    return new Admitted(
        queueId >= 0 ? queueId : ThreadLocalRandom.current().nextInt(topic.writeQueues()));
  }

  private Optional<TopicConfig> create(IncomingMessage message) {
    return settings.autoCreate() || isDerived(message)
        ? creation.ensure(message.topic(), queuesFor(message))
        : Optional.empty();
  }

  private int queuesFor(IncomingMessage message) {
    return isDerived(message)
        ? 1
        : Math.min(Math.max(1, message.queuesWanted()), settings.maxQueues());
  }

  private static boolean isDerived(IncomingMessage message) {
    return SystemTopics.isRetry(message.topic()) || SystemTopics.isDeadLetter(message.topic());
  }
}
