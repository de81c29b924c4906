package io.moiety.broker.server;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import io.moiety.broker.store.View;
import io.moiety.broker.topic.ByGroupAndTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Classic offsets that clients reported and that are not in the log yet. They come every few
 * seconds from every consumer of every queue, so changes of all groups are collected and logged as
 * one record; a crash in between repeats a few seconds of messages, which classic consumers expect.
 *
 * <p>Hears of deleted topics and groups, so that no offset outlives them. Pure: the time is an
 * argument. Owner: the store turn.
 */
public final class PendingOffsets implements View {

  static final long COLLECT_MILLIS = 5_000;

  /** Keeps a record of them well below the largest. */
  static final int MAX_PER_RECORD = 2_000;

  private final ByGroupAndTopic<Map<Integer, CommittedOffset>> offsets = new ByGroupAndTopic<>();
  private long dueMillis = Long.MAX_VALUE;

  /** Remembers the next offset that a group will read. */
  void put(CommittedOffset offset, long nowMillis) {
    if (offsets.isEmpty()) {
      dueMillis = nowMillis + COLLECT_MILLIS;
    }
    offsets.findOrAdd(offset.group(), offset.topic(), TreeMap::new).put(offset.queueId(), offset);
  }

  /** True when an offset of the group on the topic is not in the log yet. */
  boolean has(String group, String topic) {
    return offsets.find(group, topic).isPresent();
  }

  OptionalLong find(String group, String topic, int queueId) {
    CommittedOffset pending = offsets.find(group, topic).orElse(Map.of()).get(queueId);
    return pending == null ? OptionalLong.empty() : OptionalLong.of(pending.nextOffset());
  }

  /** What was reported of this queue does not hold any more. */
  void forget(CommittedOffset moved) {
    Map<Integer, CommittedOffset> ofReading =
        offsets.find(moved.group(), moved.topic()).orElse(Map.of());
    if (ofReading.containsKey(moved.queueId())) {
      ofReading.remove(moved.queueId());
      if (ofReading.isEmpty()) {
        offsets.remove(moved.group(), moved.topic());
      }
    }
  }

  Set<String> topicsOf(String group) {
    return offsets.ofGroup(group).keySet();
  }

  Set<String> groupsOn(String topic) {
    return offsets.groupsOn(topic);
  }

  /** When what is collected is to be logged; {@link Long#MAX_VALUE} when there is nothing. */
  public long nextDueMillis() {
    return offsets.isEmpty() ? Long.MAX_VALUE : dueMillis;
  }

  /**
   * Passes what is to be logged on, in pieces that fit a record. A piece that is not taken stays
   * pending, with those behind it.
   */
  public void drainTo(Consumer<SystemRecord> log) {
    List<CommittedOffset> all = new ArrayList<>();
    offsets.forEach((group, topic, ofReading) -> all.addAll(ofReading.values()));
    for (int from = 0; from < all.size(); from += MAX_PER_RECORD) {
      List<CommittedOffset> piece =
          List.copyOf(all.subList(from, Math.min(all.size(), from + MAX_PER_RECORD)));
      log.accept(new SystemRecord.OffsetsCommitted(piece));
      piece.forEach(this::forget);
    }
  }

  /** What is pending is tried again a little later. */
  void postpone(long nowMillis) {
    dueMillis = nowMillis + COLLECT_MILLIS;
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.TopicDeleted deleted) {
      offsets.removeTopic(deleted.topic());
    } else if (fact instanceof SystemRecord.GroupDeleted deleted) {
      offsets.removeGroup(deleted.group());
    }
  }
}
