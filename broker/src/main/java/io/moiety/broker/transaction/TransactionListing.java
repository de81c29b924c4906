package io.moiety.broker.transaction;

import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.transaction.ListingCursor.Section;
import io.moiety.broker.transaction.TransactionId.Half;
import io.moiety.broker.transaction.TransactionId.OfBranch;
import io.moiety.protocol.BranchXid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What administrators ask of transactions: one of them, or page by page all that wait for a
 * decision. Reads nothing but memory.
 *
 * <p>Owner: the store turn.
 */
public final class TransactionListing {
  private final HalfMessages halves;
  private final Branches branches;
  private final DecidedBranches decided;

  public TransactionListing(HalfMessages halves, Branches branches, DecidedBranches decided) {
    this.halves = halves;
    this.branches = branches;
    this.decided = decided;
  }

  /**
   * Some transactions in order.
   *
   * @param next where the rest of them begins; empty when there is none
   */
  public record Page(List<KnownTransaction> transactions, Optional<ListingCursor> next) {}

  /** The next transactions of one section, at most so many. */
  public Page page(ListingCursor from, int limit) {
    List<KnownTransaction> found =
        switch (from.section()) {
          case OPEN ->
              halves.openAfter(from.position(), limit).stream()
                  .map(TransactionListing::known)
                  .toList();
          case PARKED ->
              halves.parkedAfter(from.position(), limit).stream()
                  .map(TransactionListing::parked)
                  .toList();
          case BRANCH -> branchesAfter(from.after(), limit);
        };
    return new Page(
        found,
        found.size() < limit
            ? Optional.empty()
            : Optional.of(cursorBehind(found.get(found.size() - 1))));
  }

  /** What is known of one transaction; empty when it is unknown, or forgotten. */
  public Optional<KnownTransaction> find(TransactionId id) {
    if (id instanceof Half half) {
      return halves
          .find(half.position())
          .map(TransactionListing::known)
          .or(() -> halves.resolution(half.position()).map(TransactionListing::known));
    }
    return branch(((OfBranch) id).xid());
  }

  private Optional<KnownTransaction> branch(BranchXid xid) {
    return branches
        .find(xid)
        .<KnownTransaction>map(TransactionListing::known)
        .or(() -> decided.prepared(xid).map(TransactionListing::known))
        .or(() -> decided.outcome(xid).map(outcome -> known(outcome.decided())));
  }

  /** Active, prepared and heuristically decided ones, in one order. */
  private List<KnownTransaction> branchesAfter(String xidText, int limit) {
    TreeMap<String, KnownTransaction> found = new TreeMap<>();
    for (Branch active : branches.after(xidText, limit)) {
      found.put(active.xid().toText(), known(active));
    }
    for (BranchXid xid : decided.inDoubtAfter(xidText, limit)) {
      branch(xid).ifPresent(known -> found.putIfAbsent(xid.toText(), known));
    }
    return new ArrayList<>(found.values().stream().limit(limit).toList());
  }

  /** Where a listing goes on behind one of those that {@link #page} gave. */
  public static ListingCursor cursorBehind(KnownTransaction last) {
    if (last instanceof KnownTransaction.OpenHalf half) {
      return new ListingCursor(Section.OPEN, Long.toString(half.position()));
    }
    if (last instanceof KnownTransaction.EndedHalf half) {
      return new ListingCursor(Section.PARKED, Long.toString(half.position()));
    }
    return new ListingCursor(Section.BRANCH, ((KnownTransaction.KnownBranch) last).xid().toText());
  }

  private static KnownTransaction known(HalfMessage half) {
    return new KnownTransaction.OpenHalf(
        half.position(), half.storedPosition(), half.checks(), half.askMillis());
  }

  private static KnownTransaction parked(HalfMessage half) {
    return new KnownTransaction.EndedHalf(
        half.position(), HalfMessages.Resolution.PARKED.name(), half.storedPosition());
  }

  private static KnownTransaction known(HalfMessages.Resolved resolved) {
    return new KnownTransaction.EndedHalf(
        resolved.halfPosition(), resolved.resolution().name(), resolved.position());
  }

  private static KnownTransaction known(Branch branch) {
    return new KnownTransaction.KnownBranch(
        branch.xid(),
        branch.incarnation(),
        branch.state(),
        branch.startedMillis(),
        "",
        branch.rollbackOnly().map(XaRefusal::reason).orElse(""),
        branch.sends(),
        branch.acks());
  }

  private static KnownTransaction known(BranchPrepared branch) {
    return new KnownTransaction.KnownBranch(
        branch.xid(),
        branch.incarnation(),
        BranchState.PREPARED,
        branch.atMillis(),
        "",
        "",
        branch.sends(),
        branch.acks());
  }

  private KnownTransaction known(BranchDecided branch) {
    List<BranchSend> missing = decided.missing(branch.incarnation());
    return new KnownTransaction.KnownBranch(
        branch.xid(),
        branch.incarnation(),
        XaAnswers.state(branch.decision()),
        branch.atMillis(),
        branch.decidedBy(),
        missing.isEmpty() ? "" : missing.size() + " of its messages are not appended yet",
        missing,
        branch.acks());
  }
}
