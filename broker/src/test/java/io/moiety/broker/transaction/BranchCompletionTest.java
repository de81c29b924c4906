package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.LogLines;
import io.moiety.broker.config.DelayLevels;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.RecordDraft;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits whose messages the store does not take: one of them never, or all for want of room. */
class BranchCompletionTest {
  @TempDir Path directory;
  private BranchBench bench;

  @BeforeEach
  void open() {
    bench = BranchBench.open(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aMessageThatCannotBeStoredKeepsBackNeitherItsBranchNorOthers() {
    MeasuredJournal journal = new MeasuredJournal(bench.store.store);
    journal.illegalTopic = "illegal";
    BranchCompletion completion =
        new BranchCompletion(bench.store.decided, journal, completionInto(journal));
    for (BranchXid xid :
        List.of(
            bench.preparedBranch(1, "illegal", "orders"), bench.preparedBranch(2, "shipments"))) {
      long unused =
          completion.record(
              bench.store.decided.prepared(xid).orElseThrow(),
              Decision.COMMIT,
              "test",
              bench.store.now());
    }
    UnfinishedCommits unfinished =
        new UnfinishedCommits(bench.store.decided, completion, bench.store.coldReads);
    unfinished.begin(bench.store.now());
    while (unfinished.nextDueMillis() <= bench.store.now()) {
      unfinished.run(bench.store.now());
    }
    bench.flush();
    assertThat(bench.served("orders")).containsExactly("orders1");
    assertThat(bench.served("shipments")).containsExactly("shipments2");
    assertThat(bench.store.decided.incomplete())
        .extracting(BranchDecided::xid)
        .containsExactly(bench.xid(1));
    assertThat(unfinished.nextDueMillis()).isEqualTo(bench.store.now() + 1_000);
  }

  /** The store's, which says what room was asked for and may refuse it. */
  private static final class MeasuredJournal implements Journal {
    private final Journal journal;
    private boolean refuses;
    private boolean takesNoFacts;
    private boolean failsBehindAppends;
    private String illegalTopic = "";
    private long askedBytes;

    MeasuredJournal(Journal journal) {
      this.journal = journal;
    }

    @Override
    public void requireRoom(long bytes) {
      askedBytes = bytes;
      if (refuses) {
        throw new AppendRefusedException(PutStatus.OS_PAGE_CACHE_BUSY, "no room in this test");
      }
    }

    @Override
    public Appended record(SystemRecord fact) {
      if (takesNoFacts) {
        throw new AppendRefusedException(PutStatus.SERVICE_NOT_AVAILABLE, "failed in this test");
      }
      Appended appended = journal.record(fact);
      failBehindAppend();
      return appended;
    }

    private void failBehindAppend() {
      if (failsBehindAppends) {
        throw new IllegalStateException("a view fails in this test");
      }
    }

    @Override
    public Logged put(RecordDraft draft) {
      if (draft.topic().equals(illegalTopic)) {
        throw new AppendRefusedException(PutStatus.MESSAGE_ILLEGAL, "too large in this test");
      }
      Logged logged = journal.put(draft);
      failBehindAppend();
      return logged;
    }

    @Override
    public void whenServed(long endPosition, Waiter waiter) {
      journal.whenServed(endPosition, waiter);
    }

    @Override
    public void whenDurable(long endPosition, Waiter waiter) {
      journal.whenDurable(endPosition, waiter);
    }

    @Override
    public long endPosition() {
      return journal.endPosition();
    }
  }

  private Completion completionInto(Journal journal) {
    return new Completion(
        bench.store.store,
        journal,
        new DelayRouting(new DelayLevels(List.of(Duration.ofSeconds(1)))));
  }

  @Test
  void aCommitForWhichThereIsNoRoomChangesNothingAndTakesNoMoreThanItAskedFor() {
    BranchXid xid = bench.preparedBranch(1, "orders", "t".repeat(200), "shipments");
    MeasuredJournal journal = new MeasuredJournal(bench.store.store);
    journal.refuses = true;
    Completion completion = completionInto(journal);
    BranchDecisions decisions =
        new BranchDecisions(
            bench.store.branches,
            bench.store.decided,
            journal,
            new BranchCompletion(bench.store.decided, journal, completion));
    long before = bench.store.store.endPosition();
    assertThatThrownBy(() -> decisions.commit(xid, bench.store.now(), bench.answers::add))
        .isInstanceOf(AppendRefusedException.class);
    assertThat(bench.store.store.endPosition()).isEqualTo(before);
    assertThat(bench.answers).isEmpty();
    assertThat(bench.store.decided.prepared(xid)).isPresent();

    journal.refuses = false;
    decisions.commit(xid, bench.store.now(), bench.answers::add);
    assertThat(bench.store.store.endPosition() - before).isLessThanOrEqualTo(journal.askedBytes);
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
  }

  private BranchXid startedBranch() {
    BranchXid xid = bench.xid(1);
    bench.store.start(xid);
    return xid;
  }

  private BranchDecisions decisionsInto(Journal journal) {
    return new BranchDecisions(
        bench.store.branches,
        bench.store.decided,
        journal,
        new BranchCompletion(bench.store.decided, journal, completionInto(journal)));
  }

  private void commitByMessage(BranchDecisions decisions, BranchXid xid) {
    decisions.commitByMessage(
        xid,
        bench.store.draft("orders", "only"),
        bench.store.now(),
        (logged, answer) -> bench.answers.add(answer));
  }

  @Test
  void aMessageThatCommitsIsAppendedOnlyWhereThereIsRoomForTheDecisionBehindIt() {
    BranchXid xid = startedBranch();
    MeasuredJournal journal = new MeasuredJournal(bench.store.store);
    journal.refuses = true;
    BranchDecisions decisions = decisionsInto(journal);
    long before = bench.store.store.endPosition();
    assertThatThrownBy(() -> commitByMessage(decisions, xid))
        .isInstanceOf(AppendRefusedException.class);
    assertThat(bench.store.store.endPosition()).isEqualTo(before);
    assertThat(bench.store.branches.find(xid)).isPresent();

    journal.refuses = false;
    commitByMessage(decisions, xid);
    assertThat(bench.store.store.endPosition() - before).isLessThanOrEqualTo(journal.askedBytes);
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
    assertThat(bench.served("orders")).containsExactly("only");
    assertThat(bench.store.decided.incomplete()).isEmpty();
  }

  @Test
  void aMessageWhoseDecisionCannotBeRecordedIsNeverSaidToBeRolledBack() {
    BranchXid xid = startedBranch();
    MeasuredJournal journal = new MeasuredJournal(bench.store.store);
    journal.takesNoFacts = true;
    BranchDecisions decisions = decisionsInto(journal);
    commitByMessage(decisions, xid);
    bench.assertLastRefusedWith(XAException.XAER_RMFAIL);
    decisions.rollback(xid, bench.store.now(), bench.answers::add);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
  }

  @Test
  void aMessageThatWasAppendedByAFailingStepIsNeverSaidToBeRolledBack() {
    BranchXid xid = startedBranch();
    MeasuredJournal journal = new MeasuredJournal(bench.store.store);
    journal.failsBehindAppends = true;
    BranchDecisions decisions = decisionsInto(journal);
    assertThatThrownBy(() -> commitByMessage(decisions, xid))
        .isInstanceOf(IllegalStateException.class);
    decisions.rollback(xid, bench.store.now(), bench.answers::add);
    bench.assertLastRefusedWith(XAException.XAER_NOTA);
  }

  @Test
  void aBranchWhoseDecisionWasAppendedByAFailingStepIsNeverSaidToBeRolledBack() {
    BranchXid xid = startedBranch();
    bench.store.send(
        xid, bench.store.branches.find(xid).orElseThrow().incarnation(), 1, "orders", "order");
    assertThat(
            bench.store.branches.end(
                xid,
                bench.store.branches.find(xid).orElseThrow().incarnation(),
                XAResource.TMSUCCESS))
        .isEmpty();
    MeasuredJournal journal = new MeasuredJournal(bench.store.store);
    journal.failsBehindAppends = true;
    BranchDecisions decisions = decisionsInto(journal);
    assertThatThrownBy(
            () -> decisions.commitOnePhase(xid, 1, 0, bench.store.now(), bench.answers::add))
        .isInstanceOf(IllegalStateException.class);
    decisions.rollback(xid, bench.store.now(), bench.answers::add);
    assertThat(bench.answers).doesNotContain(new XaAnswer.Ok());
  }

  @Test
  void whatKeepsACommitBackIsTriedAgainByItselfLessAndLessOftenAndToldOnce() {
    try (LogLines lines = LogLines.of(BranchCompletion.class)) {
      BranchXid xid = bench.preparedBranchWithAnOddMessage(1, "orders");
      bench.commit(xid);
      bench.assertLastRefusedWith(XAException.XAER_RMFAIL);
      List<Long> pauses = new ArrayList<>();
      for (int trial = 0; trial < 8; trial++) {
        long pauseMillis = bench.store.unfinished.nextDueMillis() - bench.store.now();
        pauses.add(pauseMillis / 1_000);
        bench.store.wallMillis.addAndGet(pauseMillis);
        bench.store.completeDue();
      }
      assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
      assertThat(lines.of(Level.WARNING)).hasSize(1);
      bench.flush();
      assertThat(bench.served("orders")).containsExactly("orders1");
    }
  }

  @Test
  void aLogThatTakesNothingPausesAllCommitsAndIsToldOnce() {
    try (LogLines lines = LogLines.of(UnfinishedCommits.class)) {
      for (BranchXid xid :
          List.of(bench.preparedBranch(1, "orders"), bench.preparedBranch(2, "orders"))) {
        bench.recordOnlyTheDecision(
            bench.store.decided.prepared(xid).orElseThrow(), Decision.COMMIT);
      }
      bench.flush();
      bench.reopenWithoutCompleting();
      bench.store.refusesMessages = true;
      for (int trial = 0; trial < 3; trial++) {
        bench.store.completeDue();
        bench.store.wallMillis.addAndGet(1_000);
      }
      assertThat(lines.of(Level.WARNING)).hasSize(1);
      assertThat(bench.store.decided.incomplete()).hasSize(2);
      bench.store.refusesMessages = false;
      bench.store.completeDue();
      bench.flush();
      assertThat(bench.served("orders")).containsExactly("orders1", "orders2");
      assertThat(bench.store.decided.incomplete()).isEmpty();
    }
  }

  @Test
  void aRepeatedCommitCompletesWhatIsBeingCompletedAndNothingComesTwice() {
    BranchXid xid =
        bench.preparedBranch(1, Collections.nCopies(100, "orders").toArray(String[]::new));
    bench.recordOnlyTheDecision(bench.store.decided.prepared(xid).orElseThrow(), Decision.COMMIT);
    bench.flush();
    bench.reopenWithoutCompleting();
    bench.store.unfinished.run(bench.store.now());
    assertThat(bench.store.decided.incomplete()).hasSize(1);
    bench.commit(xid);
    bench.store.completeDue();
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
    assertThat(bench.served("orders")).hasSize(100);
    assertThat(bench.store.unfinished.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }
}
