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
import io.moiety.broker.transaction.RememberedOutcomes.Outcome;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The view of branches that are in the log: prepared, and what became of the others, which {@link
 * IncompleteCommits} and {@link RememberedOutcomes} keep.
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
  private final Map<BranchXid, BranchPrepared> prepared = new LinkedHashMap<>();
  private long preparedParts;
  private final IncompleteCommits incomplete = new IncompleteCommits();
  private final RememberedOutcomes outcomes = new RememberedOutcomes();

  /** Prepared, or heuristically decided and not forgotten; by the texts of their Xids. */
  private final NavigableMap<String, BranchXid> inDoubt = new TreeMap<>();

  private final CarriedSends carriedSends = new CarriedSends();

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
    return outcomes.find(xid);
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
    return incomplete(incarnation).isPresent();
  }

  /** The commit, if it does. */
  Optional<BranchDecided> incomplete(long incarnation) {
    return incomplete.find(incarnation);
  }

  /** All commits that do. */
  Collection<BranchDecided> incomplete() {
    return incomplete.all();
  }

  /** The messages that a commit still demands. */
  List<BranchSend> missing(long incarnation) {
    return carriedSends.located(incarnation, incomplete.missing(incarnation));
  }

  /** The first of them behind a number in the branch, at most so many. */
  List<BranchSend> missingBehind(long incarnation, int sequence, int limit) {
    return carriedSends.located(
        incarnation, incomplete.missingBehind(incarnation, sequence, limit));
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
    for (BranchDecided commit : incomplete.all()) {
      addLive(missing(commit.incarnation()), endPosition, live);
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
    return isIncomplete(wanted)
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
        incomplete.all().stream()
            .map(BranchDecided::incarnation)
            .filter(incarnation -> !incomplete.missing(incarnation).isEmpty())
            .collect(Collectors.toMap(Function.identity(), this::missing)),
        outcomes.all(),
        List.copyOf(inDoubt.keySet()));
  }

  /**
   * A decision is said without its acknowledgements, which the ledgers say, and with only those of
   * its messages that are not in the log yet. What is prepared comes last, as in the log: its Xid
   * may have been decided before, in another incarnation.
   */
  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    incomplete.all().stream()
        .filter(commit -> !outcomes.isLast(commit))
        .forEach(commit -> base.accept(withMissing(commit)));
    outcomes.all().forEach(decided -> base.accept(withMissing(decided)));
    prepared.values().forEach(branch -> base.accept(located(branch)));
  }

  private BranchDecided withMissing(BranchDecided decided) {
    return withSends(decided, missing(decided.incarnation()));
  }

  @Override
  public void clearFacts() {
    prepared.clear();
    preparedParts = 0;
    incomplete.clear();
    outcomes.clear();
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
      incomplete.copied(Long.parseLong(incarnation.get()), Integer.parseInt(sequence.get()));
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

  private void done(long incarnation, LoggedRecord record) {
    Optional<BranchDecided> complete = incomplete.done(incarnation);
    carriedSends.forget(incarnation);
    complete
        .filter(outcomes::isLast)
        .ifPresent(decided -> outcomes.completed(decided.xid(), record.endPosition()));
  }

  private void forget(long incarnation) {
    outcomes.forget(incarnation).ifPresent(xid -> inDoubt.remove(xid.toText()));
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
      incomplete.add(decided);
    }
    if (decided.decision().isHeuristic()) {
      inDoubt.put(decided.xid().toText(), decided.xid());
    }
    outcomes.add(new Outcome(withSends(decided, List.of()), record.endPosition()));
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
}
