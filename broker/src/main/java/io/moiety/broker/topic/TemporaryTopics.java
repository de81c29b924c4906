package io.moiety.broker.topic;

import io.moiety.broker.store.TopicConfig;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which connection each temporary topic goes with. What an earlier run left behind goes at start.
 *
 * <p>Owner: the store turn.
 */
public final class TemporaryTopics {
  private final TopicTable topics;
  private final TopicCreation creation;
  private final Map<Long, Set<String>> byConnection = new HashMap<>();

  public TemporaryTopics(TopicTable topics, TopicCreation creation) {
    this.topics = topics;
    this.creation = creation;
  }

  public void created(String topic, long connectionId) {
    byConnection.computeIfAbsent(connectionId, id -> new HashSet<>()).add(topic);
  }

  /** Deletes what the connection made; a topic that it deleted itself is no loss. */
  public void connectionLost(long connectionId) {
    Set<String> gone = byConnection.remove(connectionId);
    if (gone != null) {
      gone.forEach(creation::delete);
    }
  }

  /** Deletes the temporary topics of connections that ended with an earlier run. */
  public void deleteAbandoned() {
    List<String> abandoned =
        topics.all().stream().filter(TopicConfig::temporary).map(TopicConfig::name).toList();
    abandoned.forEach(creation::delete);
  }
}
