package io.moiety.broker.transaction;

import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.transaction.HalfMessages.Resolution;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import io.moiety.broker.transaction.TransactionId.Half;
import io.moiety.broker.transaction.TransactionId.OfBranch;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.RecordView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Every decision that an administrator can take of a transaction. Who took it is in the record that
 * it is: in the fact BranchDecided or BranchForgotten, or as property {@code __MOIETY_BY} of the
 * message that ends or resumes a half message; when, is that record's time.
 *
 * <table>
 * <caption>Legal decisions</caption>
 * <tr><td>half message OPEN</td><td>commit, rollback</td></tr>
 * <tr><td>half message PARKED</td><td>resume; commit, rollback: resumed first, in one append</td></tr>
 * <tr><td>half message COMMITTED, ROLLED_BACK</td><td>the same again changes nothing</td></tr>
 * <tr><td>branch PREPARED</td><td>commit, rollback: heuristically</td></tr>
 * <tr><td>branch ACTIVE, ROLLBACK_ONLY</td><td>rollback</td></tr>
 * <tr><td>branch HEURISTIC_COMMIT, HEURISTIC_ROLLBACK</td><td>forget</td></tr>
 * </table>
 *
 * <p>Owner: the store turn.
 */
public final class AdministratorDecisions {
  private static final Logger LOG = System.getLogger(AdministratorDecisions.class.getName());

  private final HalfMessages halves;
  private final Resolver resolver;
  private final CheckBack checkBack;
  private final BranchDecisions branches;
  private final RecordReader reader;
  private final Journal journal;

  /** What an administrator wants to become of a transaction. */
  public enum Verdict {
    COMMIT,
    ROLLBACK,
    /** A parked half message is to be asked about again. */
    RESUME,
    /** A heuristic outcome is to be forgotten, whose transaction manager is gone for good. */
    FORGET
  }

  public AdministratorDecisions(
      HalfMessages halves,
      Resolver resolver,
      CheckBack checkBack,
      BranchDecisions branches,
      RecordReader reader,
      Journal journal) {
    this.halves = halves;
    this.resolver = resolver;
    this.checkBack = checkBack;
    this.branches = branches;
    this.reader = reader;
    this.journal = journal;
  }

  /** What {@link #decide} would read, for who has it read elsewhere before. */
  public List<RecordSpan> reads(TransactionId id) {
    if (id instanceof OfBranch branch) {
      return branches.reads(branch.xid());
    }
    long position = ((Half) id).position();
    return halves.find(position).or(() -> halves.parked(position)).map(HalfMessage::span).stream()
        .toList();
  }

  /**
   * Decides.
   *
   * @param by who wants it, as the record is to tell
   * @throws io.moiety.broker.log.AppendRefusedException with nothing changed but, of a parked half
   *     message, that it is open
   */
  public void decide(
      TransactionId id,
      Verdict verdict,
      String by,
      long nowMillis,
      Consumer<AdministratorAnswer> answer) {
    LOG.log(Level.INFO, "{0} wants {1} of transaction {2}", by, verdict, id);
    if (id instanceof Half half) {
      decide(half.position(), verdict, by, nowMillis, answer);
    } else {
      decide(((OfBranch) id).xid(), verdict, by, nowMillis, answer);
    }
  }

  private void decide(
      BranchXid xid,
      Verdict verdict,
      String by,
      long nowMillis,
      Consumer<AdministratorAnswer> answer) {
    switch (verdict) {
      case COMMIT, ROLLBACK ->
          branches.decideHeuristically(xid, verdict == Verdict.COMMIT, by, nowMillis, answer);
      case FORGET -> branches.forgetHeuristic(xid, by, nowMillis, answer);
      case RESUME ->
          answer.accept(
              new AdministratorAnswer.Refused(
                  "a branch is never put aside, so it cannot be resumed: only half messages are"));
    }
  }

  private void decide(
      long position,
      Verdict verdict,
      String by,
      long nowMillis,
      Consumer<AdministratorAnswer> answer) {
    Optional<HalfMessage> parked = halves.parked(position);
    if (verdict == Verdict.FORGET) {
      answer.accept(
          new AdministratorAnswer.Refused(
              "a half message has no heuristic outcome, which is all that is forgotten"));
    } else if (halves.find(position).isEmpty() && parked.isEmpty()) {
      endedBefore(position, verdict, answer);
    } else if (verdict == Verdict.RESUME && parked.isEmpty()) {
      answer.accept(
          new AdministratorAnswer.Refused(
              "the half message at position "
                  + position
                  + " is not parked: it is open, and its"
                  + " producers are asked about it"));
    } else if (parked.isPresent()) {
      resumeThen(parked.get(), verdict, by, nowMillis, answer);
    } else {
      decideOpen(position, verdict, by, nowMillis, answer);
    }
  }

  private void resumeThen(
      HalfMessage parked,
      Verdict verdict,
      String by,
      long nowMillis,
      Consumer<AdministratorAnswer> answer) {
    RecordView record = reader.read(parked.storedPosition(), parked.sizeBytes());
    long endPosition = checkBack.resume(record, by);
    if (verdict == Verdict.RESUME) {
      journal.whenDurable(
          endPosition, outcome -> answer.accept(AdministratorAnswer.of(outcome, "OPEN")));
    } else {
      decideOpen(parked.position(), verdict, by, nowMillis, answer);
    }
  }

  private void decideOpen(
      long position,
      Verdict verdict,
      String by,
      long nowMillis,
      Consumer<AdministratorAnswer> answer) {
    boolean commit = verdict == Verdict.COMMIT;
    HalfMessage half = halves.find(position).orElseThrow();
    long endPosition = resolver.decide(half, commit, by, nowMillis);
    String state = (commit ? Resolution.COMMITTED : Resolution.ROLLED_BACK).name();
    journal.whenDurable(
        endPosition, outcome -> answer.accept(AdministratorAnswer.of(outcome, state)));
  }

  private void endedBefore(long position, Verdict verdict, Consumer<AdministratorAnswer> answer) {
    Optional<Resolution> before = halves.resolution(position).map(Resolved::resolution);
    if (before.isEmpty()) {
      answer.accept(
          new AdministratorAnswer.NotFound(
              "there is no half message at position "
                  + position
                  + ", or it was decided so long ago"
                  + " that it is forgotten"));
    } else if (same(before.get(), verdict)) {
      journal.whenDurable(
          journal.endPosition(),
          outcome -> answer.accept(AdministratorAnswer.of(outcome, before.get().name())));
    } else {
      answer.accept(
          new AdministratorAnswer.Refused(
              "the half message at position "
                  + position
                  + " was "
                  + before.get()
                  + " before, which is final"));
    }
  }

  private static boolean same(Resolution before, Verdict verdict) {
    return (before == Resolution.COMMITTED && verdict == Verdict.COMMIT)
        || (before == Resolution.ROLLED_BACK && verdict == Verdict.ROLLBACK);
  }
}
