package io.moiety.broker.transaction;

import io.moiety.broker.transaction.HalfMessages.Resolution;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the last half messages ended, and which wait where they were parked. Commits and rollbacks
 * are final; what is parked can be taken back. The oldest are forgotten: of commits and rollbacks
 * by number, of the parked those with the smallest positions, and all with their segments.
 *
 * <p>Confined to the store turn.
 */
final class Resolutions {
  private static final Logger LOG = System.getLogger(Resolutions.class.getName());
  private static final int REMEMBERED = 200_000;
  private static final int MAX_PARKED = 200_000;

  /** By the half message's position, in the order of the resolutions in the log. */
  private final Map<Long, Resolved> ended = new LinkedHashMap<>();

  /** By the half message's position. */
  private final NavigableMap<Long, Resolved> parked = new TreeMap<>();

  Optional<Resolved> find(long halfPosition) {
    Resolved known = ended.get(halfPosition);
    return Optional.ofNullable(known == null ? parked.get(halfPosition) : known);
  }

  void add(Resolved resolved) {
    if (resolved.resolution() == Resolution.PARKED) {
      parked.put(resolved.halfPosition(), resolved);
      if (parked.size() > MAX_PARKED) {
        parked.pollFirstEntry();
      }
    } else {
      ended.put(resolved.halfPosition(), resolved);
      if (ended.size() > REMEMBERED) {
        ended.remove(ended.keySet().iterator().next());
      }
    }
  }

  /** The half message was taken back from where it was parked. */
  void resumed(long halfPosition) {
    parked.remove(halfPosition);
  }

  /** Parked ones behind a position of half messages, in order, at most so many. */
  List<Resolved> parkedAfter(long halfPosition, int limit) {
    return parked.tailMap(halfPosition, false).values().stream().limit(limit).toList();
  }

  int parkedCount() {
    return parked.size();
  }

  /** In an order in which they can be added again. */
  List<Resolved> all() {
    List<Resolved> all = new ArrayList<>(ended.size() + parked.size());
    all.addAll(parked.values());
    all.addAll(ended.values());
    return all;
  }

  /** What lies before it went with its segments: of the parked, nobody can decide it any more. */
  void forgetBefore(long firstPosition) {
    Iterator<Resolved> oldest = ended.values().iterator();
    while (oldest.hasNext() && oldest.next().position() < firstPosition) {
      oldest.remove();
    }
    int parkedBefore = parked.size();
    parked.values().removeIf(known -> known.position() < firstPosition);
    int lost = parkedBefore - parked.size();
    if (lost > 0) {
      LOG.log(
          Level.WARNING,
          "{0} parked half messages were deleted with their segments before anybody decided them",
          lost);
    }
  }
}
