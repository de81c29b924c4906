package io.moiety.broker.topic;

import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The view of all consumer groups. Written in the store turn; read by any thread. */
public final class GroupTable implements View {
  private final ConcurrentHashMap<String, GroupConfig> groups = new ConcurrentHashMap<>();

  public Optional<GroupConfig> find(String group) {
    return Optional.ofNullable(groups.get(group));
  }

  public Collection<GroupConfig> all() {
    return List.copyOf(groups.values());
  }

  @Override
  public Object state() {
    return Map.copyOf(groups);
  }

  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    groups.values().forEach(group -> base.accept(new SystemRecord.GroupSet(group)));
  }

  @Override
  public void clearFacts() {
    groups.clear();
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.GroupSet set) {
      groups.put(set.group().name(), set.group());
    } else if (fact instanceof SystemRecord.GroupDeleted deleted) {
      groups.remove(deleted.group());
    } else if (fact instanceof SystemRecord.TopicDeleted deleted) {
      groups.values().removeIf(group -> goesWith(deleted.topic(), group));
    }
  }

  /** A subscription goes with its topic, and the group of a queue with the queue. */
  private static boolean goesWith(String topic, GroupConfig group) {
    return group.topic().map(topic::equals).orElseGet(() -> topic.equals(group.name()));
  }
}
