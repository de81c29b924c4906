package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.transaction.xa.XAResource;

/** XA branches over a {@link TestStore}, with one who asks and one who listens to every answer. */
final class BranchBench implements AutoCloseable {
  /** What a branch acknowledges here. */
  static final AckRange INPUT = new AckRange("group", "orders", 0, 3, 5);

  private final Path directory;
  TestStore store;

  /** What the transaction manager was answered. */
  final List<XaAnswer> answers = new ArrayList<>();

  /** What those who asked for an outcome were answered. */
  final List<BranchState> states = new ArrayList<>();

  /** What the administrator was answered. */
  final List<AdministratorAnswer> told = new ArrayList<>();

  private BranchBench(Path directory, TestStore store) {
    this.directory = directory;
    this.store = store;
  }

  static BranchBench open(Path directory) {
    return new BranchBench(directory, TestStore.open(directory));
  }

  /** Under {@code ASYNC_FLUSH}. */
  static BranchBench openAsync(Path directory) {
    return new BranchBench(directory, TestStore.openAsync(directory));
  }

  /** The broker starts again from its log. */
  void reopen() {
    reopenWithoutCompleting();
    store.completeDue();
    store.flush();
  }

  /** As above, but nothing is completed yet. */
  void reopenWithoutCompleting() {
    store.close();
    store = TestStore.open(directory);
  }

  /** As if all segments before a base were deleted: the views know what it says and no more. */
  void replayOnlyTheBase() {
    List<SystemRecord> base = base();
    store.decided.clearFacts();
    base.forEach(fact -> store.decided.applyFact(fact, noRecord()));
  }

  static LoggedRecord noRecord() {
    return new LoggedRecord(
        "none", 0, 0, 0, 0, 0, 0, 0, 0, MessageProperties.empty(), ByteBuffer.allocate(0));
  }

  @Override
  public void close() {
    store.close();
  }

  void flush() {
    store.flush();
  }

  List<String> served(String topic) {
    return store.served(topic);
  }

  BranchXid xid(int number) {
    return store.xid(number);
  }

  long incarnation(BranchXid xid) {
    return store.branches.find(xid).orElseThrow().incarnation();
  }

  /** With a message to each of the topics, whose body is the topic and the branch's number. */
  BranchXid endedBranch(int number, String... topics) {
    BranchXid xid = store.xid(number);
    long incarnation = store.start(xid);
    for (int i = 0; i < topics.length; i++) {
      store.send(xid, incarnation, i + 1, topics[i], topics[i] + number);
    }
    end(xid, incarnation, XAResource.TMSUCCESS);
    return xid;
  }

  /** As above, and its vote is durable. */
  BranchXid preparedBranch(int number, String... topics) {
    BranchXid xid = endedBranch(number, topics);
    prepare(xid, topics.length, 0);
    flush();
    answers.clear();
    return xid;
  }

  /** As {@link #preparedBranch}, of one whose first message names no topic. */
  BranchXid preparedBranchWithAnOddMessage(int number, String topic) {
    BranchXid xid = store.xid(number);
    long incarnation = store.start(xid);
    Logged odd = store.store.put(store.draft("odd", "names no topic"));
    store.branches.sent(xid, new BranchSend(1, odd.position(), odd.sizeBytes()), 1);
    store.send(xid, incarnation, 2, topic, topic + number);
    end(xid, incarnation, XAResource.TMSUCCESS);
    prepare(xid, 2, 0);
    flush();
    answers.clear();
    return xid;
  }

  /** Its first message is {@code one}, to {@code orders}. */
  BranchXid endedBranchWhoseSecondMessageCannotBeRead() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    Logged half = store.send(xid, incarnation, 1, "orders", "one");
    store.branches.sent(xid, new BranchSend(2, half.position() + 1, half.sizeBytes()), 1);
    end(xid, incarnation, XAResource.TMSUCCESS);
    return xid;
  }

  void acknowledge(BranchXid xid, long incarnation) {
    assertThat(store.branches.acknowledge(xid, incarnation, 1, List.of(INPUT))).isEmpty();
  }

  void end(BranchXid xid, long incarnation, int flags) {
    assertThat(store.branches.end(xid, incarnation, flags)).isEmpty();
  }

  void prepare(BranchXid xid, int sends, int acks) {
    store.decisions.prepare(xid, sends, acks, store.now(), answers::add);
  }

  void prepare(BranchXid xid, long incarnation, int sends, int acks) {
    store.decisions.prepare(xid, incarnation, sends, acks, store.now(), answers::add);
  }

  void commit(BranchXid xid) {
    store.decisions.commit(xid, store.now(), answers::add);
  }

  void commitOnePhase(BranchXid xid, int sends, int acks) {
    store.decisions.commitOnePhase(xid, sends, acks, store.now(), answers::add);
  }

  void rollback(BranchXid xid) {
    store.decisions.rollback(xid, store.now(), answers::add);
  }

  void forget(BranchXid xid) {
    store.decisions.forget(xid, store.now(), answers::add);
  }

  void decideHeuristically(BranchXid xid, boolean commit, String decidedBy) {
    store.decisions.decideHeuristically(xid, commit, decidedBy, store.now(), told::add);
  }

  void forgetHeuristic(BranchXid xid, String forgottenBy) {
    store.decisions.forgetHeuristic(xid, forgottenBy, store.now(), told::add);
  }

  void ask(BranchXid xid) {
    store.questions.outcome(
        xid, states::add, refusal -> answers.add(new XaAnswer.Refused(refusal)));
  }

  List<BranchXid> recovered() {
    return store.questions.recover(Optional.empty(), 10);
  }

  /** A crash has cut the decision off from the messages that it makes visible. */
  void recordOnlyTheDecision(BranchPrepared branch, Decision decision) {
    recordDecision(branch.xid(), branch.incarnation(), decision, branch.sends(), branch.acks());
  }

  /** As above, of a branch that is committed in one phase. */
  void recordOnlyTheDecision(Branch branch, Decision decision) {
    recordDecision(branch.xid(), branch.incarnation(), decision, branch.sends(), branch.acks());
  }

  private void recordDecision(
      BranchXid xid,
      long incarnation,
      Decision decision,
      List<BranchSend> sends,
      List<AckRange> acks) {
    store.store.record(
        new BranchDecided(xid, incarnation, decision, "test", store.now(), sends, acks));
  }

  /** The facts of which a base of the branches consists. */
  List<SystemRecord> base() {
    List<SystemRecord> base = new ArrayList<>();
    store.decided.sayFacts(base::add);
    return base;
  }

  void assertLastRefusedWith(int xaError) {
    assertThat(answers.get(answers.size() - 1))
        .isInstanceOfSatisfying(
            XaAnswer.Refused.class,
            refused -> assertThat(refused.refusal().xaError()).isEqualTo(xaError));
  }

  void assertStartRefusedWith(BranchXid xid, int flags, int xaError) {
    assertThat(store.branches.start(xid, flags, 0, 1, store.now()))
        .isInstanceOfSatisfying(
            Branches.StartAnswer.Refused.class,
            refused -> assertThat(refused.refusal().xaError()).isEqualTo(xaError));
  }
}
