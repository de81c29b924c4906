package io.moiety.broker.server;

import static java.util.stream.Collectors.toSet;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import io.moiety.broker.store.View;
import java.util.LinkedHashMap;
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

  private record Reading(String group, String topic) {}

  private final Map<Reading, Map<Integer, CommittedOffset>> offsets = new LinkedHashMap<>();
  private long dueMillis = Long.MAX_VALUE;

  /** Remembers the next offset that a group will read. */
  void put(CommittedOffset offset, long nowMillis) {
    if (offsets.isEmpty()) {
      dueMillis = nowMillis + COLLECT_MILLIS;
    }
    offsets
        .computeIfAbsent(new Reading(offset.group(), offset.topic()), absent -> new TreeMap<>())
        .put(offset.queueId(), offset);
  }

  /** True when an offset of the group on the topic is not in the log yet. */
  boolean has(String group, String topic) {
    return offsets.containsKey(new Reading(group, topic));
  }

  OptionalLong find(String group, String topic, int queueId) {
    CommittedOffset pending =
        offsets.getOrDefault(new Reading(group, topic), Map.of()).get(queueId);
    return pending == null ? OptionalLong.empty() : OptionalLong.of(pending.nextOffset());
  }

  /** What was reported of this queue does not hold any more. */
  void forget(CommittedOffset moved) {
    offsets.computeIfPresent(
        new Reading(moved.group(), moved.topic()),
        (reading, ofReading) -> {
          ofReading.remove(moved.queueId());
          return ofReading.isEmpty() ? null : ofReading;
        });
  }

  Set<String> topicsOf(String group) {
    return offsets.keySet().stream()
        .filter(reading -> reading.group().equals(group))
        .map(Reading::topic)
        .collect(toSet());
  }

  Set<String> groupsOn(String topic) {
    return offsets.keySet().stream()
        .filter(reading -> reading.topic().equals(topic))
        .map(Reading::group)
        .collect(toSet());
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
    List<CommittedOffset> all =
        offsets.values().stream().flatMap(ofReading -> ofReading.values().stream()).toList();
    for (int from = 0; from < all.size(); from += MAX_PER_RECORD) {
      List<CommittedOffset> piece =
          List.copyOf(all.subList(from, Math.min(all.size(), from + MAX_PER_RECORD)));
      log.accept(new SystemRecord.OffsetsCommitted(piece));
      piece.forEach(this::logged);
    }
  }

  /** What is pending is tried again a little later. */
  void postpone(long nowMillis) {
    dueMillis = nowMillis + COLLECT_MILLIS;
  }

  private void logged(CommittedOffset offset) {
    offsets.computeIfPresent(
        new Reading(offset.group(), offset.topic()),
        (reading, ofReading) -> {
          ofReading.remove(offset.queueId(), offset);
          return ofReading.isEmpty() ? null : ofReading;
        });
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.TopicDeleted deleted) {
      offsets.keySet().removeIf(reading -> reading.topic().equals(deleted.topic()));
    } else if (fact instanceof SystemRecord.GroupDeleted deleted) {
      offsets.keySet().removeIf(reading -> reading.group().equals(deleted.group()));
    }
  }
}
