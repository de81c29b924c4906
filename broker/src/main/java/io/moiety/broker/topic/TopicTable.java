package io.moiety.broker.topic;

import io.moiety.broker.config.StoreLimits;
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
  private final StoreLimits limits;
  private volatile Runnable changed = () -> {};

  /** Without topics, and with the limits that hold where nothing is set. */
  public TopicTable() {
    this(StoreLimits.defaults());
  }

  public TopicTable(StoreLimits limits) {
    this.limits = limits;
  }

  public Optional<TopicConfig> find(String topic) {
    return Optional.ofNullable(topics.get(topic));
  }

  public Collection<TopicConfig> all() {
    return List.copyOf(topics.values());
  }

  public int size() {
    return topics.size();
  }

  /** From now on {@code listener} is told, in the store turn, when a topic was set or deleted. */
  public void onChange(Runnable listener) {
    changed = listener;
  }

  /** Why a topic with one queue cannot be made, with the limit; empty when it can. */
  public Optional<String> refuseNew(String topic) {
    return refuse(TopicConfig.of(topic, 1));
  }

  /** Why the topic cannot be made, or changed so, with the limit; empty when it can. */
  public Optional<String> refuse(TopicConfig wanted) {
    TopicConfig known = topics.get(wanted.name());
    if (known == null && topics.size() >= limits.maxTopics()) {
      return Optional.of(
          "there are "
              + topics.size()
              + " topics; the limit (maxTopics) is "
              + limits.maxTopics()
              + ": delete some or raise it");
    }
    long queues = topics.values().stream().mapToLong(TopicTable::queues).sum();
    int more = queues(wanted) - (known == null ? 0 : queues(known));
    return more > 0 && queues + more > limits.maxQueues()
        ? Optional.of(
            "there are "
                + queues
                + " queues and "
                + more
                + " more are wanted; the limit (maxQueues) is "
                + limits.maxQueues()
                + ": delete topics or raise it")
        : Optional.empty();
  }

  private static int queues(TopicConfig topic) {
    return Math.max(topic.readQueues(), topic.writeQueues());
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
      changed.run();
    } else if (fact instanceof SystemRecord.TopicDeleted deleted) {
      topics.remove(deleted.topic());
      changed.run();
    }
  }
}
