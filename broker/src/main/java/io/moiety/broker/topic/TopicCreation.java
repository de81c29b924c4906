package io.moiety.broker.topic;

import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord.TopicDeleted;
import io.moiety.broker.store.SystemRecord.TopicSet;
import io.moiety.broker.store.TopicConfig;
import io.moiety.protocol.SystemTopics;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Creates and deletes topics.
 *
 * <p>Owner: the store turn.
 */
public final class TopicCreation {
  private static final Pattern NAME = Pattern.compile("[%|a-zA-Z0-9_-]+");
  private static final int MAX_NAME_BYTES = 127;
  private static final int MAX_DERIVED_NAME_BYTES = 255;
  private static final int MAX_TOPICS = 50_000;

  private final TopicTable topics;
  private final Journal journal;

  public TopicCreation(TopicTable topics, Journal journal) {
    this.topics = topics;
    this.journal = journal;
  }

  /** Why a name cannot be one of a topic, or empty. */
  public static Optional<String> refuseName(String topic) {
    int limit =
        SystemTopics.isRetry(topic) || SystemTopics.isDeadLetter(topic)
            ? MAX_DERIVED_NAME_BYTES
            : MAX_NAME_BYTES;
    if (topic.isEmpty() || topic.length() > limit) {
      return Optional.of("a topic's name has 1 to " + limit + " characters, not " + topic.length());
    }
    return NAME.matcher(topic).matches()
        ? Optional.empty()
        : Optional.of("the topic '" + topic + "' may have letters, digits, %, |, _ and - only");
  }

  /** The topic, created if it is not there; empty with a full table, see {@link #isFull()}. */
  public Optional<TopicConfig> ensure(String topic, int queues) {
    return topics.find(topic).or(() -> create(TopicConfig.of(topic, queues)));
  }

  /** Creates the topic or changes it; empty when no more topics are allowed. */
  public Optional<TopicConfig> create(TopicConfig config) {
    if (topics.find(config.name()).isEmpty() && isFull()) {
      return Optional.empty();
    }
    if (!topics.find(config.name()).equals(Optional.of(config))) {
      journal.record(new TopicSet(config));
    }
    return Optional.of(config);
  }

  /** True when the limit of topics is reached. */
  public boolean isFull() {
    return topics.size() >= MAX_TOPICS;
  }

  /** Deletes the topic with its messages; false when it is not there. */
  public boolean delete(String topic) {
    if (topics.find(topic).isEmpty()) {
      return false;
    }
    journal.record(new TopicDeleted(topic));
    return true;
  }
}
