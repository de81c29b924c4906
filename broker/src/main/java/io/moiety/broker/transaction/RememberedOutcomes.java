package io.moiety.broker.transaction;

import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.protocol.BranchXid;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How branches ended, for those who ask again: what transaction managers decided for a time, what
 * an administrator decided until it is forgotten on purpose.
 *
 * <p>Confined to the store turn.
 */
final class RememberedOutcomes {
  /** How long an outcome is remembered for those who ask again. */
  static final long REMEMBER_MILLIS = 24L * 60 * 60 * 1_000;

  /** Every base says them all, in one piece: 200 bytes each, 10 MB at most. */
  private static final int REMEMBER_COUNT = 50_000;

  /** In the order of the decisions. */
  private final Map<BranchXid, Outcome> ordinary = new LinkedHashMap<>();

  /** As well. */
  private final Map<BranchXid, Outcome> heuristic = new LinkedHashMap<>();

  private final Map<Long, BranchXid> heuristicXids = new HashMap<>();

  /**
   * How a branch ended.
   *
   * @param endPosition of the decision, or of the mark that it is complete; must be durable before
   *     the outcome is told
   */
  record Outcome(BranchDecided decided, long endPosition) {}

  Optional<Outcome> find(BranchXid xid) {
    return Optional.ofNullable(heuristic.get(xid)).or(() -> Optional.ofNullable(ordinary.get(xid)));
  }

  /** Whether that is the last decision on its Xid, which may be used and decided again. */
  boolean isLast(BranchDecided decided) {
    return find(decided.xid())
        .filter(outcome -> outcome.decided().incarnation() == decided.incarnation())
        .isPresent();
  }

  void add(Outcome outcome) {
    BranchDecided decided = outcome.decided();
    ordinary.remove(decided.xid());
    if (decided.decision().isHeuristic()) {
      heuristic.put(decided.xid(), outcome);
      heuristicXids.put(decided.incarnation(), decided.xid());
    } else {
      ordinary.put(decided.xid(), outcome);
    }
    forgetOld(decided.atMillis());
  }

  /** From now on it is told when the mark that ends there is durable, and all before it. */
  void completed(BranchXid xid, long endPosition) {
    heuristic.computeIfPresent(xid, (id, known) -> new Outcome(known.decided(), endPosition));
    ordinary.computeIfPresent(xid, (id, known) -> new Outcome(known.decided(), endPosition));
  }

  /** Ends the memory of a heuristic outcome; the branch's Xid when there was one. */
  Optional<BranchXid> forget(long incarnation) {
    Optional<BranchXid> xid = Optional.ofNullable(heuristicXids.remove(incarnation));
    xid.ifPresent(heuristic::remove);
    return xid;
  }

  /** All decisions, the heuristic ones first. */
  List<BranchDecided> all() {
    return Stream.concat(heuristic.values().stream(), ordinary.values().stream())
        .map(Outcome::decided)
        .toList();
  }

  void clear() {
    ordinary.clear();
    heuristic.clear();
    heuristicXids.clear();
  }

  private void forgetOld(long nowMillis) {
    Iterator<Outcome> oldest = ordinary.values().iterator();
    while (oldest.hasNext()) {
      boolean old = oldest.next().decided().atMillis() < nowMillis - REMEMBER_MILLIS;
      if (!old && ordinary.size() <= REMEMBER_COUNT) {
        return;
      }
      oldest.remove();
    }
  }
}
