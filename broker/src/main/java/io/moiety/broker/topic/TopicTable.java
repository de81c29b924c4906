package io.moiety.broker.topic;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.store.View;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The view of all topics. Written in the store turn; read by any thread (a reader sees the table as
 * of some moment, which is all a route answer promises).
 */
public final class TopicTable implements View {
  private final ConcurrentHashMap<String, TopicConfig> topics = new ConcurrentHashMap<>();

  public Optional<TopicConfig> find(String topic) {
    return Optional.ofNullable(topics.get(topic));
  }

  public Collection<TopicConfig> all() {
    return List.copyOf(topics.values());
  }

  public int size() {
    return topics.size();
  }

  @Override
  public Object state() {
    return Map.copyOf(topics);
  }

  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    topics.values().forEach(topic -> base.accept(new SystemRecord.TopicSet(topic)));
  }

  @Override
  public void clearFacts() {
    topics.clear();
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.TopicSet set) {
      topics.put(set.topic().name(), set.topic());
    } else if (fact instanceof SystemRecord.TopicDeleted deleted) {
      topics.remove(deleted.topic());
    }
  }
}
