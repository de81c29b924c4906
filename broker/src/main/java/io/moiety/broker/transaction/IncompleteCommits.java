package io.moiety.broker.transaction;

import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchSend;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Commits whose mark that they are complete is not in the log, and the messages that they still
 * demand: those of whose numbers no copy was seen. By the incarnations of their branches.
 *
 * <p>Confined to the store turn.
 */
final class IncompleteCommits {
  private final Map<Long, Incomplete> byIncarnation = new TreeMap<>();

  private record Incomplete(BranchDecided decided, NavigableMap<Integer, BranchSend> missing) {}

  /** A commit that demands all that it says. */
  void add(BranchDecided decided) {
    NavigableMap<Integer, BranchSend> missing = new TreeMap<>();
    decided.sends().forEach(send -> missing.put(send.sequence(), send));
    byIncarnation.put(decided.incarnation(), new Incomplete(decided, missing));
  }

  /** A copy of one of the branch's messages is in the log. */
  void copied(long incarnation, int sequence) {
    Incomplete commit = byIncarnation.get(incarnation);
    if (commit != null) {
      commit.missing().remove(sequence);
    }
  }

  /** The mark is in the log; what it completed, unless that was known to be complete. */
  Optional<BranchDecided> done(long incarnation) {
    return Optional.ofNullable(byIncarnation.remove(incarnation)).map(Incomplete::decided);
  }

  Optional<BranchDecided> find(long incarnation) {
    return Optional.ofNullable(byIncarnation.get(incarnation)).map(Incomplete::decided);
  }

  Collection<BranchDecided> all() {
    return byIncarnation.values().stream().map(Incomplete::decided).toList();
  }

  /** The messages that a commit still demands, in the order of their numbers. */
  List<BranchSend> missing(long incarnation) {
    Incomplete commit = byIncarnation.get(incarnation);
    return commit == null ? List.of() : List.copyOf(commit.missing().values());
  }

  /** The first of them behind a number, at most so many. */
  List<BranchSend> missingBehind(long incarnation, int sequence, int limit) {
    Incomplete commit = byIncarnation.get(incarnation);
    return commit == null
        ? List.of()
        : commit.missing().tailMap(sequence, false).values().stream().limit(limit).toList();
  }

  void clear() {
    byIncarnation.clear();
  }
}
