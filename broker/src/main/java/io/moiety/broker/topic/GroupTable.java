package io.moiety.broker.topic;

import io.moiety.broker.config.StoreLimits;
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
  private final StoreLimits limits;

  /** Without groups, and with the limit that holds where nothing is set. */
  public GroupTable() {
    this(StoreLimits.defaults());
  }

  public GroupTable(StoreLimits limits) {
    this.limits = limits;
  }

  /**
   * Why a client cannot make this group, with the limit; empty when it is there or can be made. The
   * groups of Jakarta Messaging's queues come with their topics, which have a limit themselves.
   */
  public Optional<String> refuse(String group) {
    return !groups.containsKey(group) && groups.size() >= limits.maxGroups()
        ? Optional.of(
            "group "
                + group
                + " cannot be made: there are "
                + groups.size()
                + "; the limit (maxGroups) is "
                + limits.maxGroups()
                + ": delete subscriptions or topics, or raise it")
        : Optional.empty();
  }

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
