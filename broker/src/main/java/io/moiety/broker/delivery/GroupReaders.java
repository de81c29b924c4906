package io.moiety.broker.delivery;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the members of groups read topics now: by classic pulls or with leases (POP, sessions). A
 * classic offset is the floor of the ledger, so one who pulls and one who has leases would move
 * each other's place; both at once in one group on one topic is refused.
 *
 * <p>A connection reads in the way of its last request, until it leaves the group or is lost. One
 * that asks in the other way gives up the first even when it is refused, and has neither then. So a
 * group changes from one way to the other, also when all its members do at once: when no other is
 * left that reads in the first. One connection that reads in both, as a proxy might for several
 * clients, is refused what it began later: it changes when it has not read in the first way for as
 * long as a client rests between two requests, and the longer wait of a pull is given up.
 *
 * <p>Owner: the store turn.
 */
public final class GroupReaders {

  /** A connection that has not read in one way for so long may read in the other. */
  static final long CHANGE_MILLIS = 10_000;

  /** A client has a few groups, each on a few topics. */
  private static final int MAX_PER_CONNECTION = 4_096;

  private final GroupTopics groupTopics;
  private final Map<Reading, Readers> byReading = new HashMap<>();
  private final Map<Long, Set<Reading>> byConnection = new HashMap<>();

  private record Reading(String group, String topic) {}

  private enum Way {
    PULLS,
    LEASES,
  }

  /** How a connection reads, and when it last asked. */
  private record Use(Way way, long lastMillis) {}

  /** Connections that read in each way; asked with every pull, so it counts them. */
  private static final class Readers {
    private final Map<Long, Use> byConnection = new HashMap<>();
    private int pulling;

    void put(long connectionId, Use use) {
      remove(connectionId);
      byConnection.put(connectionId, use);
      pulling += use.way() == Way.PULLS ? 1 : 0;
    }

    void remove(long connectionId) {
      Use before = byConnection.remove(connectionId);
      pulling -= before != null && before.way() == Way.PULLS ? 1 : 0;
    }

    Optional<Use> of(long connectionId) {
      return Optional.ofNullable(byConnection.get(connectionId));
    }

    int count(Way way) {
      return way == Way.PULLS ? pulling : byConnection.size() - pulling;
    }

    /** True when a connection other than this one reads in this way. */
    boolean others(Way way, long connectionId) {
      return count(way) > (of(connectionId).filter(use -> use.way() == way).isPresent() ? 1 : 0);
    }
  }

  GroupReaders(GroupTopics groupTopics) {
    this.groupTopics = groupTopics;
  }

  /** Why a connection cannot pull; when it can, it is one that pulls from now on. */
  public Optional<Refusal> pulls(String group, String topic, long connectionId, long nowMillis) {
    return hasSessions(group, topic)
        ? Optional.of(refusePull(group, topic, "sessions of Jakarta Messaging"))
        : reads(new Reading(group, topic), connectionId, new Use(Way.PULLS, nowMillis));
  }

  /** Why a connection cannot pop; when it can, it is one that pops from now on. */
  Optional<Refusal> pops(String group, String topic, long connectionId, long nowMillis) {
    return reads(new Reading(group, topic), connectionId, new Use(Way.LEASES, nowMillis));
  }

  /** Why a session cannot have a consumer. */
  Optional<Refusal> refuseSession(String group, String topic, long connectionId) {
    return refuse(new Reading(group, topic), Way.LEASES, connectionId);
  }

  /** Why a client cannot say how far the group has come: what has leases says so itself. */
  public Optional<Refusal> refuseOffset(String group, String topic) {
    return hasLeases(group, topic)
        ? Optional.of(
            Refusal.inUse(
                "Group "
                    + group
                    + " receives topic "
                    + topic
                    + " with leases now, and its acknowledgements say how far it has come: stop its"
                    + " members to set an offset"))
        : Optional.empty();
  }

  /** True while members read the topic with leases; none of them pulls it then. */
  public boolean hasLeases(String group, String topic) {
    Readers readers = byReading.get(new Reading(group, topic));
    boolean popped = readers != null && readers.count(Way.LEASES) > 0;
    return popped || hasSessions(group, topic);
  }

  /** The client is no member any more. */
  public void left(String group, long connectionId) {
    Set<Reading> readings = byConnection.getOrDefault(connectionId, Set.of());
    for (Reading reading : Set.copyOf(readings)) {
      if (reading.group().equals(group)) {
        readings.remove(reading);
        forget(reading, connectionId);
      }
    }
    if (readings.isEmpty()) {
      byConnection.remove(connectionId);
    }
  }

  void connectionLost(long connectionId) {
    Set<Reading> readings = byConnection.remove(connectionId);
    if (readings != null) {
      readings.forEach(reading -> forget(reading, connectionId));
    }
  }

  private Optional<Refusal> reads(Reading reading, long connectionId, Use use) {
    Optional<Refusal> refusal = refuse(reading, use.way(), connectionId);
    if (refusal.isPresent()) {
      giveUpOther(reading, use.way(), connectionId);
      return refusal;
    }
    Optional<Refusal> mixed = refuseBoth(reading, connectionId, use);
    if (mixed.isPresent()) {
      return mixed;
    }
    Set<Reading> readings = byConnection.computeIfAbsent(connectionId, id -> new HashSet<>());
    if (readings.add(reading) && readings.size() > MAX_PER_CONNECTION) {
      readings.remove(reading);
      return Optional.of(
          Refusal.limitReached(
              "The connection reads "
                  + MAX_PER_CONNECTION
                  + " topics with its groups, which is the limit: use several clients"));
    }
    byReading.computeIfAbsent(reading, absent -> new Readers()).put(connectionId, use);
    return Optional.empty();
  }

  /** Members that all change at once would refuse each other for ever otherwise. */
  private void giveUpOther(Reading reading, Way way, long connectionId) {
    Readers readers = byReading.get(reading);
    if (readers == null || readers.of(connectionId).filter(use -> use.way() != way).isEmpty()) {
      return;
    }
    forget(reading, connectionId);
    byConnection.computeIfPresent(
        connectionId,
        (same, readings) -> {
          readings.remove(reading);
          return readings.isEmpty() ? null : readings;
        });
  }

  private Optional<Refusal> refuse(Reading reading, Way way, long connectionId) {
    Readers readers = byReading.get(reading);
    Way other = way == Way.PULLS ? Way.LEASES : Way.PULLS;
    if (readers == null || !readers.others(other, connectionId)) {
      return Optional.empty();
    }
    return Optional.of(
        way == Way.PULLS
            ? refusePull(reading.group(), reading.topic(), "POP")
            : Refusal.inUse(
                "Group "
                    + reading.group()
                    + " receives topic "
                    + reading.topic()
                    + " by pulls now; its members cannot have leases beside them: stop those who"
                    + " pull, or use another group"));
  }

  private Optional<Refusal> refuseBoth(Reading reading, long connectionId, Use use) {
    return Optional.ofNullable(byReading.get(reading))
        .flatMap(readers -> readers.of(connectionId))
        .filter(before -> before.way() != use.way())
        .filter(before -> use.lastMillis() - before.lastMillis() < CHANGE_MILLIS)
        .map(
            before ->
                Refusal.inUse(
                    "This client receives topic "
                        + reading.topic()
                        + " for group "
                        + reading.group()
                        + (before.way() == Way.PULLS ? " by pulls" : " by POP")
                        + " now, and cannot do both: it changes when it has not done so for "
                        + CHANGE_MILLIS
                        + " ms"));
  }

  private static Refusal refusePull(String group, String topic, String by) {
    return Refusal.inUse(
        "Group "
            + group
            + " receives topic "
            + topic
            + " by "
            + by
            + " now; its members cannot pull beside that: stop those members, or use another"
            + " group");
  }

  private boolean hasSessions(String group, String topic) {
    return groupTopics.find(group, topic).filter(GroupTopic::hasConsumers).isPresent();
  }

  private void forget(Reading reading, long connectionId) {
    byReading.computeIfPresent(
        reading,
        (same, readers) -> {
          readers.remove(connectionId);
          return readers.byConnection.isEmpty() ? null : readers;
        });
  }
}
