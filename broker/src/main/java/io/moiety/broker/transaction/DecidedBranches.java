package io.moiety.broker.transaction;

import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.store.View;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The view of branches that are in the log: prepared, decided and not yet complete, and remembered
 * outcomes.
 *
 * <pre>
 * (memory) --BranchPrepared--> PREPARED --BranchDecided commit--> COMMITTED --BranchDone--> complete
 *     |                           |------BranchDecided rollback--> ROLLED_BACK
 *     |                           |------BranchDecided heuristic--> HEURISTIC_COMMIT, _ROLLBACK
 *     |                                                                  |--BranchForgotten--> -
 *     |--BranchDecided commit (one phase)--> COMMITTED
 * </pre>
 *
 * A heuristic commit is completed as another one is. COMMITTED and ROLLED_BACK are forgotten by age
 * or number; a heuristic outcome only when the transaction manager says so.
 *
 * <p>Owner: the store turn.
 */
public final class DecidedBranches implements View, LiveRecords {
  /** How long an outcome is remembered for those who ask again. */
  static final long REMEMBER_MILLIS = 24L * 60 * 60 * 1_000;

  /** Every base says them all, in one piece: 200 bytes each, 10 MB at most. */
  private static final int REMEMBER_COUNT = 50_000;

  private final Map<BranchXid, BranchPrepared> prepared = new LinkedHashMap<>();
  private long preparedParts;
  private final Map<Long, Completing> completing = new TreeMap<>();
  private final Map<BranchXid, Outcome> outcomes = new LinkedHashMap<>();
  private final Map<Long, BranchXid> heuristic = new HashMap<>();

  /** Prepared, or heuristically decided and not forgotten; by the texts of their Xids. */
  private final NavigableMap<String, BranchXid> inDoubt = new TreeMap<>();

  private final CarriedSends carriedSends = new CarriedSends();

  /** A decision whose messages are not all known to be in the log. */
  private record Completing(BranchDecided decided, Set<Integer> missing) {}

  /**
   * How a branch ended.
   *
   * @param endPosition of the decision, or of the mark that it is complete; must be durable before
   *     the outcome is told
   */
  record Outcome(BranchDecided decided, long endPosition) {}

  Optional<BranchPrepared> prepared(BranchXid xid) {
    return Optional.ofNullable(prepared.get(xid)).map(this::located);
  }

  /** Sends and acknowledged ranges of prepared branches. */
  long preparedParts() {
    return preparedParts;
  }

  private static int parts(@Nullable BranchPrepared branch) {
    return branch == null ? 0 : branch.sends().size() + branch.acks().size();
  }

  Optional<Outcome> outcome(BranchXid xid) {
    return Optional.ofNullable(outcomes.get(xid));
  }

  /** Prepared and heuristically decided branches, which a transaction manager must hear of. */
  boolean isInDoubt(BranchXid xid) {
    return inDoubt.containsKey(xid.toText());
  }

  /** Those of them whose Xid's text comes behind this one, in that order, at most so many. */
  List<BranchXid> inDoubtAfter(String xidText, int limit) {
    return inDoubt.tailMap(xidText, false).values().stream().limit(limit).toList();
  }

  /** Whether a commit still demands messages, or at least its mark that it does not. */
  boolean isIncomplete(long incarnation) {
    return completing.containsKey(incarnation);
  }

  /** Decisions that a crash has cut off from some of their messages. */
  Collection<BranchDecided> incomplete() {
    return completing.values().stream().map(Completing::decided).toList();
  }

  /** The messages that a decision still demands. */
  List<BranchSend> missing(long incarnation) {
    Completing open = completing.get(incarnation);
    return open == null ? List.of() : missing(open);
  }

  private List<BranchSend> missing(Completing open) {
    List<BranchSend> missing =
        open.decided().sends().stream()
            .filter(send -> open.missing().contains(send.sequence()))
            .toList();
    return carriedSends.located(open.decided().incarnation(), missing);
  }

  private BranchPrepared located(BranchPrepared branch) {
    return new BranchPrepared(
        branch.xid(),
        branch.incarnation(),
        branch.atMillis(),
        carriedSends.located(branch.incarnation(), branch.sends()),
        branch.acks());
  }

  /** What a decision will bring about, or has not yet brought about. */
  @Override
  public LiveLook look(long endPosition) {
    return live -> {
      addLive(endPosition, live);
      return true;
    };
  }

  private void addLive(long endPosition, LiveSet live) {
    for (BranchPrepared branch : prepared.values()) {
      addLive(carriedSends.located(branch.incarnation(), branch.sends()), endPosition, live);
    }
    for (Completing open : completing.values()) {
      addLive(missing(open), endPosition, live);
    }
  }

  /** False for a half message whose branch was rolled back or is complete. */
  @Override
  public boolean isLive(RecordView record) {
    Optional<String> incarnation = record.property(PropertyNames.BRANCH_INCARNATION);
    if (incarnation.isEmpty() || !record.topic().equals(SystemTopics.HALF)) {
      return true;
    }
    long wanted = Long.parseLong(incarnation.get());
    Optional<BranchPrepared> branch =
        record
            .property(PropertyNames.BRANCH_XID)
            .flatMap(xid -> Optional.ofNullable(prepared.get(BranchXid.parse(xid))));
    return completing.containsKey(wanted)
        || branch.filter(known -> known.incarnation() == wanted).isPresent();
  }

  private static void addLive(List<BranchSend> sends, long endPosition, LiveSet live) {
    for (BranchSend send : sends) {
      if (live.isFull()) {
        return;
      }
      if (send.position() < endPosition) {
        live.add(send.position(), send.sizeBytes());
      }
    }
  }

  @Override
  public Object state() {
    return List.of(
        prepared.values().stream().collect(Collectors.toMap(BranchPrepared::xid, this::located)),
        completing.entrySet().stream()
            .filter(open -> !open.getValue().missing().isEmpty())
            .collect(Collectors.toMap(Map.Entry::getKey, open -> missing(open.getValue()))),
        outcomes.values().stream().map(Outcome::decided).toList(),
        Map.copyOf(heuristic));
  }

  /**
   * A decision is said without its acknowledgements, which the ledgers say, and with only those of
   * its messages that are not in the log yet. What is prepared comes last, as in the log: its Xid
   * may have been decided before, in another incarnation.
   */
  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    completing.values().stream()
        .filter(open -> !isOutcome(open.decided()))
        .forEach(open -> base.accept(withSends(open.decided(), missing(open))));
    outcomes
        .values()
        .forEach(
            outcome ->
                base.accept(
                    withSends(outcome.decided(), missing(outcome.decided().incarnation()))));
    prepared.values().forEach(branch -> base.accept(located(branch)));
  }

  /** False for a decision on an Xid that was used and decided again before it was complete. */
  private boolean isOutcome(BranchDecided decided) {
    Outcome outcome = outcomes.get(decided.xid());
    return outcome != null && outcome.decided().incarnation() == decided.incarnation();
  }

  @Override
  public void clearFacts() {
    prepared.clear();
    preparedParts = 0;
    completing.clear();
    outcomes.clear();
    heuristic.clear();
    inDoubt.clear();
    carriedSends.clear();
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    Optional<String> incarnation = record.properties().get(PropertyNames.BRANCH_INCARNATION);
    Optional<String> sequence = record.properties().get(PropertyNames.BRANCH_SEQUENCE);
    if (incarnation.isEmpty() || sequence.isEmpty()) {
      return;
    }
    if (record.topic().equals(SystemTopics.HALF)) {
      if (record.isCarried()) {
        carriedSends.carried(
            Long.parseLong(incarnation.get()),
            new BranchSend(
                Integer.parseInt(sequence.get()), record.position(), record.sizeBytes()));
      }
    } else {
      Completing open = completing.get(Long.parseLong(incarnation.get()));
      if (open != null) {
        open.missing().remove(Integer.parseInt(sequence.get()));
      }
    }
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof BranchPrepared branch) {
      preparedParts += parts(branch) - parts(prepared.put(branch.xid(), branch));
      inDoubt.put(branch.xid().toText(), branch.xid());
    } else if (fact instanceof BranchDecided decided) {
      decided(decided, record);
    } else if (fact instanceof SystemRecord.BranchDone done) {
      done(done.incarnation(), record);
    } else if (fact instanceof SystemRecord.BranchForgotten forgotten) {
      forget(forgotten.incarnation());
    }
  }

  /** From now on whoever asks again is told when the mark is durable, and all before it. */
  private void done(long incarnation, LoggedRecord record) {
    Completing complete = completing.remove(incarnation);
    carriedSends.forget(incarnation);
    if (complete != null && isOutcome(complete.decided())) {
      outcomes.computeIfPresent(
          complete.decided().xid(),
          (xid, outcome) -> new Outcome(outcome.decided(), record.endPosition()));
    }
  }

  private void forget(long incarnation) {
    BranchXid xid = heuristic.remove(incarnation);
    if (xid == null) {
      return;
    }
    inDoubt.remove(xid.toText());
    Outcome outcome = outcomes.get(xid);
    if (outcome != null && outcome.decided().incarnation() == incarnation) {
      outcomes.remove(xid);
    }
  }

  private void decided(BranchDecided decided, LoggedRecord record) {
    BranchPrepared before = prepared.get(decided.xid());
    if (before != null && before.incarnation() == decided.incarnation()) {
      preparedParts -= parts(prepared.remove(decided.xid()));
      inDoubt.remove(decided.xid().toText());
    }
    if (!decided.decision().commits()) {
      carriedSends.forget(decided.incarnation());
    }
    if (decided.decision().commits() && !decided.sends().isEmpty()) {
      Set<Integer> missing = new HashSet<>();
      decided.sends().forEach(send -> missing.add(send.sequence()));
      completing.put(decided.incarnation(), new Completing(decided, missing));
    }
    if (decided.decision().isHeuristic()) {
      heuristic.put(decided.incarnation(), decided.xid());
      inDoubt.put(decided.xid().toText(), decided.xid());
    }
    outcomes.remove(decided.xid());
    outcomes.put(decided.xid(), new Outcome(withSends(decided, List.of()), record.endPosition()));
    forgetOldOutcomes(decided.atMillis());
  }

  private static BranchDecided withSends(BranchDecided decided, List<BranchSend> sends) {
    return new BranchDecided(
        decided.xid(),
        decided.incarnation(),
        decided.decision(),
        decided.decidedBy(),
        decided.atMillis(),
        sends,
        List.of());
  }

  private void forgetOldOutcomes(long nowMillis) {
    Iterator<Outcome> oldest = outcomes.values().iterator();
    while (oldest.hasNext()) {
      Outcome outcome = oldest.next();
      boolean old = outcome.decided().atMillis() < nowMillis - REMEMBER_MILLIS;
      if (!old && outcomes.size() <= REMEMBER_COUNT) {
        return;
      }
      if (!heuristic.containsKey(outcome.decided().incarnation())) {
        oldest.remove();
      }
    }
  }
}
