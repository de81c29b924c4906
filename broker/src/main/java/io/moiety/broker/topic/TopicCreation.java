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

  /** The topic, created if it is not there; empty with a full table, see {@link #whyNot}. */
  public Optional<TopicConfig> ensure(String topic, int queues) {
    return topics.find(topic).or(() -> create(TopicConfig.of(topic, queues)));
  }

  /**
   * The topic of a known group's dead letters, created also beyond the limit of topics: a message
   * that nobody can deal with would come back for ever otherwise. The limit of groups bounds these.
   */
  public TopicConfig ensureDeadLetters(String group) {
    TopicConfig wanted = TopicConfig.of(SystemTopics.deadLetterTopic(group), 1);
    Optional<TopicConfig> known = topics.find(wanted.name());
    if (known.isEmpty()) {
      journal.record(new TopicSet(wanted));
    }
    return known.orElse(wanted);
  }

  /** Creates the topic or changes it; empty when a limit is reached, see {@link #whyNot}. */
  public Optional<TopicConfig> create(TopicConfig config) {
    if (topics.refuse(config).isPresent()) {
      return Optional.empty();
    }
    if (!topics.find(config.name()).equals(Optional.of(config))) {
      journal.record(new TopicSet(config));
    }
    return Optional.of(config);
  }

  /** Which limit keeps a topic from being created with so many queues; empty when none does. */
  public Optional<String> whyNot(String topic, int queues) {
    return topics
        .refuse(TopicConfig.of(topic, queues))
        .map(why -> "the topic " + topic + " cannot be created: " + why);
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
