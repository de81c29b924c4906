package io.moiety.broker.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.log.StoreLockedException;
import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchState;
import io.moiety.client.BrokerException;
import io.moiety.client.Delivery;
import io.moiety.client.NextBranch;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SessionConsumer;
import io.moiety.client.Transactions;
import io.moiety.client.Vote;
import io.moiety.client.XaFailure;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {
  private static final Duration BRANCH_TIMEOUT = Duration.ofMinutes(1);

  @TempDir Path directory;
  private Broker broker;
  private Wire wire;

  @BeforeEach
  void start() {
    broker = Broker.start(BrokerConfig.embedded(directory));
    wire = Wire.connect(broker.address().getPort());
  }

  @AfterEach
  void stop() {
    wire.close();
    broker.close();
  }

  private void restart() {
    stop();
    start();
  }

  private Branch branch(int number) {
    return Wire.await(
        wire.client.transactions().start(wire.xid(number), XAResource.TMNOFLAGS, BRANCH_TIMEOUT));
  }

  private void end(Branch branch) {
    Wire.await(wire.client.transactions().end(branch, XAResource.TMSUCCESS));
  }

  private void prepare(Branch branch, int sends, int acks) {
    assertThat(
            Wire.await(wire.client.transactions().prepare(branch, new BranchCounts(sends, acks))))
        .isEqualTo(Vote.OK);
  }

  private void commit(BranchXid xid) {
    Wire.await(wire.client.transactions().commit(xid));
  }

  @Test
  void messagesArriveInOrderAndOnceAlsoOverARestart() {
    List<String> sent = IntStream.range(0, 500).mapToObj(i -> "m" + i).toList();
    sent.forEach(body -> wire.send("orders", body));
    restart();
    assertThat(wire.drain("orders")).isEqualTo(sent);
    restart();
    assertThat(wire.drain("orders")).isEmpty();
  }

  @Test
  void aBrokerThatAnInterruptedApplicationStartsKeepsItsFilesOpen() {
    MessageProperties inFiveSeconds = MessageProperties.empty().with(PropertyNames.DELAY, "2");
    IntStream.range(0, 120).forEach(i -> wire.send("orders", "m" + i, inFiveSeconds));
    stop();
    Thread.currentThread().interrupt();
    broker = Broker.start(BrokerConfig.embedded(directory));
    assertThat(Thread.interrupted()).isTrue();
    wire = Wire.connect(broker.address().getPort());
    assertThat(wire.receive(wire.consumer("orders"), 1, 30_000)).hasSize(1);
  }

  @Test
  void aReceiveThatWaitsIsAnsweredAsSoonAsAMessageComes() {
    Wire.await(wire.client.topics().create("orders", 1, false));
    SessionConsumer consumer = wire.consumer("orders");
    var waiting = consumer.receive(1, 1 << 20, 60_000, true);
    wire.send("orders", "a");
    assertThat(Wire.await(waiting)).hasSize(1);
  }

  @Test
  void whatIsNotAcknowledgedComesAgainFirstAndCounted() {
    wire.send("orders", "a");
    wire.send("orders", "b");
    wire.send("orders", "c");
    SessionConsumer consumer = wire.consumer("orders");
    assertThat(wire.receive(consumer, 2, 0)).extracting(Delivery::deliveryCount).containsOnly(1);
    wire.recover();
    List<Delivery> again = wire.receive(consumer, 3, 0);
    assertThat(again).extracting(Wire::body).containsExactly("a", "b", "c");
    assertThat(again).extracting(Delivery::deliveryCount).containsExactly(2, 2, 1);
  }

  @Test
  void theDeliveryCountGrowsAlsoOverARestart() {
    wire.send("orders", "a");
    wire.receive(wire.consumer("orders"), 1, 0);
    wire.recover();
    restart();
    assertThat(wire.receive(wire.consumer("orders"), 1, 0))
        .extracting(Delivery::deliveryCount)
        .containsExactly(2);
  }

  @Test
  void aMessageThatWasDeliveredTooOftenIsADeadLetter() {
    wire.send("orders", "poison");
    SessionConsumer consumer = wire.consumer("orders", 2);
    for (int i = 0; i < 2; i++) {
      assertThat(wire.receive(consumer, 1, 0)).hasSize(1);
      wire.recover();
    }
    assertThat(wire.receive(consumer, 1, 0)).isEmpty();
    restart();
    assertThat(wire.drain("orders")).isEmpty();
    assertThat(wire.drain("%DLQ%orders")).containsExactly("poison");
  }

  @Test
  void aPreparedBranchSurvivesARestartAndIsCompletedByItsCommit() {
    wire.send("in", "request");
    Branch branch = branch(1);
    wire.acknowledge(wire.receive(wire.consumer("in"), 1, 0), branch);
    wire.send("out", "one", branch, 1);
    wire.send("other", "two", branch, 2);
    end(branch);
    prepare(branch, 2, 1);
    restart();
    assertThat(wire.drain("in")).isEmpty();
    assertThat(wire.drain("out")).isEmpty();
    assertThat(Wire.await(wire.client.transactions().recover())).containsExactly(branch.xid());
    commit(branch.xid());
    assertThat(wire.drain("out")).containsExactly("one");
    assertThat(wire.drain("other")).containsExactly("two");
    restart();
    assertThat(wire.drain("in")).isEmpty();
    assertThat(Wire.await(wire.client.transactions().recover())).isEmpty();
    assertThat(Wire.await(wire.client.transactions().outcome(branch.xid())))
        .isEqualTo(BranchState.COMMITTED);
  }

  @Test
  void aRolledBackPreparedBranchGivesBackWhatItHadTaken() {
    wire.send("in", "request");
    Branch branch = branch(1);
    wire.acknowledge(wire.receive(wire.consumer("in"), 1, 0), branch);
    wire.send("out", "one", branch, 1);
    end(branch);
    prepare(branch, 1, 1);
    restart();
    Wire.await(wire.client.transactions().rollback(branch.xid()));
    List<Delivery> again = wire.receive(wire.consumer("in"), 1, 0);
    assertThat(again).extracting(Delivery::deliveryCount).containsExactly(2);
    assertThat(wire.drain("out")).isEmpty();
  }

  @Test
  void aLostConnectionRollsItsBranchBack() {
    wire.send("in", "request");
    Branch branch = branch(1);
    wire.acknowledge(wire.receive(wire.consumer("in"), 1, 0), branch);
    wire.send("out", "one", branch, 1);
    wire.close();
    wire = Wire.connect(broker.address().getPort());
    assertThat(wire.receive(wire.consumer("in"), 1, 30_000)).hasSize(1);
    assertThatThrownBy(() -> prepare(branch, 1, 1)).isInstanceOf(XaFailure.class);
    assertThat(wire.drain("out")).isEmpty();
  }

  @Test
  void aOnePhaseCommitMovesMessagesAtomically() {
    wire.send("in", "request");
    Branch branch = branch(1);
    wire.acknowledge(wire.receive(wire.consumer("in"), 1, 0), branch);
    wire.send("out", "one", branch, 1);
    end(branch);
    Wire.await(wire.client.transactions().commitOnePhase(branch.xid(), new BranchCounts(1, 1)));
    restart();
    assertThat(wire.drain("in")).isEmpty();
    assertThat(wire.drain("out")).containsExactly("one");
  }

  @Test
  void aCommitEndsItsBranchAndNoOtherOfTheSameXid() {
    Branch branch = branch(1);
    wire.send("out", "one", branch, 1);
    Branch other = new Branch(branch.xid(), branch.incarnation() + 1);
    BranchCounts counts = new BranchCounts(1, 0);
    Transactions transactions = wire.client.transactions();
    assertThatThrownBy(() -> Wire.await(transactions.endAndCommit(other, counts, Optional.empty())))
        .isInstanceOfSatisfying(
            XaFailure.class,
            unknown -> assertThat(unknown.xaError()).isEqualTo(XAException.XAER_NOTA));
    Wire.await(transactions.end(branch, XAResource.TMSUCCESS));
    assertThatThrownBy(() -> Wire.await(transactions.endAndCommit(other, counts, Optional.empty())))
        .isInstanceOf(XaFailure.class);
    assertThat(wire.drain("out")).isEmpty();
    Wire.await(transactions.endAndCommit(branch, counts, Optional.empty()));
    assertThat(wire.drain("out")).containsExactly("one");
  }

  @Test
  void aCommitStartsTheNextBranchWhenItSucceedsAndOnlyThen() {
    Branch branch = branch(1);
    BranchXid next = wire.xid(2);
    Transactions transactions = wire.client.transactions();
    Optional<NextBranch> asked = Optional.of(new NextBranch(next, Duration.ofMinutes(1)));

    wire.send("out", "one", branch, 1);
    assertThatThrownBy(
            () -> Wire.await(transactions.endAndCommit(branch, new BranchCounts(2, 0), asked)))
        .isInstanceOf(XaFailure.class);
    assertThat(Wire.await(transactions.outcome(next))).isEqualTo(BranchState.UNKNOWN);

    Branch second = branch(3);
    wire.send("out", "two", second, 1);
    Branch third =
        Wire.await(transactions.endAndCommit(second, new BranchCounts(1, 0), asked)).orElseThrow();
    assertThat(third.xid()).isEqualTo(next);
    wire.send("out", "three", third, 1);
    Wire.await(transactions.endAndCommit(third, new BranchCounts(1, 0), Optional.empty()));
    assertThat(wire.drain("out")).containsExactly("two", "three");
  }

  @Test
  void aCommitWhoseNextBranchExistsSucceedsAndStartsNone() {
    Branch branch = branch(1);
    Branch other = branch(2);
    wire.send("out", "one", branch, 1);
    assertThat(
            Wire.await(
                wire.client
                    .transactions()
                    .endAndCommit(
                        branch,
                        new BranchCounts(1, 0),
                        Optional.of(new NextBranch(other.xid(), Duration.ofMinutes(1))))))
        .isEmpty();
    assertThat(wire.drain("out")).containsExactly("one");
  }

  private OutgoingMessage only(Branch branch, String topic, MessageProperties properties) {
    return Wire.message(topic, "only", properties, Optional.of(branch.part(1)));
  }

  @Test
  void aSendCommitsTheBranchOfWhichItIsAll() {
    Branch branch = branch(1);
    Transactions transactions = wire.client.transactions();
    Branch next =
        Wire.await(
                wire.client.sendAndCommit(
                    only(branch, "out", MessageProperties.empty()),
                    Optional.of(new NextBranch(wire.xid(2), Duration.ofMinutes(1)))))
            .orElseThrow();
    assertThat(Wire.await(transactions.outcome(branch.xid()))).isEqualTo(BranchState.COMMITTED);
    assertThat(Wire.await(transactions.outcome(next.xid()))).isEqualTo(BranchState.ACTIVE);

    SessionConsumer consumer = wire.consumer("out");
    List<Delivery> received = wire.receive(consumer, 10, 0);
    assertThat(received).extracting(Wire::body).containsExactly("only");
    assertThat(received.get(0).record().properties().has(PropertyNames.BRANCH_XID)).isFalse();
    wire.acknowledge(received);
    assertThatThrownBy(() -> Wire.await(transactions.rollback(branch.xid())))
        .isInstanceOf(XaFailure.class);
  }

  @Test
  void aSendThatCommitsIsRefusedWhereItIsNotAllOfItsBranch() {
    Branch branch = branch(1);
    wire.send("out", "one", branch, 1);
    Branch other = new Branch(branch.xid(), branch.incarnation() + 1);
    for (Branch wrong : List.of(branch, other)) {
      assertThatThrownBy(
              () ->
                  Wire.await(
                      wire.client.sendAndCommit(
                          only(wrong, "out", MessageProperties.empty()), Optional.empty())))
          .isInstanceOf(XaFailure.class);
    }
    assertThat(wire.drain("out")).isEmpty();
    Transactions transactions = wire.client.transactions();
    Wire.await(transactions.endAndCommit(branch, new BranchCounts(1, 0), Optional.empty()));
    assertThat(wire.drain("out")).containsExactly("one");
  }

  @Test
  void aMessageThatIsRefusedLeavesItsBranchAsItWas() {
    Branch branch = branch(1);
    MessageProperties illegal =
        MessageProperties.empty().with(PropertyNames.TIMER_DELAY_SEC, "999999999");
    assertThatThrownBy(
            () ->
                Wire.await(
                    wire.client.sendAndCommit(only(branch, "out", illegal), Optional.empty())))
        .isInstanceOf(BrokerException.class);
    assertThat(Wire.await(wire.client.transactions().outcome(branch.xid())))
        .isEqualTo(BranchState.ACTIVE);
    Wire.await(
        wire.client.sendAndCommit(
            only(branch, "out", MessageProperties.empty()), Optional.empty()));
    assertThat(wire.drain("out")).containsExactly("only");
  }

  @Test
  void whatASendCommittedIsKnownAndThereAfterARestart() throws Exception {
    Branch branch = branch(1);
    Wire.await(
        wire.client.sendAndCommit(
            only(branch, "out", MessageProperties.empty()), Optional.empty()));
    restart();
    assertThat(Wire.await(wire.client.transactions().outcome(branch.xid())))
        .isEqualTo(BranchState.COMMITTED);
    assertThat(wire.drain("out")).containsExactly("only");
  }

  @Test
  void delayedMessagesAreNeverEarlyAndAlmostNotLate() {
    SessionConsumer consumer = wire.consumer("orders");
    long sentMillis = System.currentTimeMillis();
    wire.send("orders", "level", MessageProperties.empty().with(PropertyNames.DELAY, "1"));
    wire.send(
        "orders",
        "exact",
        MessageProperties.empty()
            .with(PropertyNames.TIMER_DELIVER_MS, Long.toString(sentMillis + 1_500)));
    assertThat(wire.receive(consumer, 1, 0)).isEmpty();
    assertArrivesAt(consumer, "level", sentMillis + 1_000);
    assertArrivesAt(consumer, "exact", sentMillis + 1_500);
  }

  private void assertArrivesAt(SessionConsumer consumer, String body, long dueMillis) {
    List<Delivery> got = wire.receive(consumer, 1, 30_000);
    long latenessMillis = System.currentTimeMillis() - dueMillis;
    assertThat(got).extracting(Wire::body).containsExactly(body);
    System.getLogger(BrokerTest.class.getName())
        .log(System.Logger.Level.INFO, "{0}: {1} ms late", body, latenessMillis);
    assertThat(latenessMillis).isBetween(0L, 10_000L);
  }

  @Test
  void statisticsSayWhatCameAndWentAndHowLongItTook() {
    wire.send("orders", "one");
    wire.send("orders", "two");
    wire.acknowledge(wire.receive(wire.consumer("orders"), 2, 30_000));
    BrokerStatistics statistics = broker.statistics();

    TrafficSnapshot orders = statistics.topics().get("orders");
    assertThat(orders).isEqualTo(statistics.all());
    assertThat(orders.messagesIn()).isEqualTo(2);
    assertThat(orders.messagesOut()).isEqualTo(2);
    assertThat(orders.bytesOut()).isEqualTo(orders.bytesIn()).isGreaterThan(2 * 91);
    assertThat(statistics.putLatency().count()).isEqualTo(2);
    assertThat(statistics.putLatency().percentileNanos(50)).isPositive();
    assertThat(statistics.flushLatency().count()).isPositive();
    assertThat(statistics.firstPosition()).isZero();
    assertThat(statistics.servedPosition()).isBetween(1L, statistics.appendedPosition());
  }

  @Test
  void aSecondBrokerOnTheSameStoreIsRefusedAndSaysWhoHasIt() {
    assertThatThrownBy(() -> Broker.start(BrokerConfig.embedded(directory)))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
  }
}
