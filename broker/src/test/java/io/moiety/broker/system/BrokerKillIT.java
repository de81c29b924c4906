package io.moiety.broker.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchState;
import io.moiety.client.BrokerException;
import io.moiety.client.ClientException;
import io.moiety.client.HalfMessage;
import io.moiety.client.Resolution;
import io.moiety.client.SessionConsumer;
import io.moiety.client.Vote;
import io.moiety.client.XaFailure;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The standalone broker, killed with SIGKILL under {@code SYNC_FLUSH}. */
class BrokerKillIT {
  private static final int KILLS = 20;
  private static final int PRODUCERS = 4;
  private static final String TOPIC = "load";
  private static final String ROLLED_BACK = "rolled back";

  @TempDir Path directory;
  private BrokerProcess broker;

  @BeforeEach
  void start() {
    broker = BrokerProcess.start(directory.resolve("store"));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private void killAndStart() {
    broker.kill();
    start();
  }

  @Test
  void everyAcknowledgedMessageIsThereOnceAndInOrderAfterTwentyKills() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, List<Integer>> received = new HashMap<>();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < KILLS; round++) {
      killUnderLoad(round, 100 + random.nextInt(700), acknowledged);
      try (Wire wire = Wire.connect(broker.port())) {
        for (String body : wire.drain(TOPIC)) {
          assertThat(body).as("seed %d", seed).doesNotContain(ROLLED_BACK);
          int dot = body.lastIndexOf('.');
          received
              .computeIfAbsent(body.substring(0, dot), producer -> new ArrayList<>())
              .add(Integer.parseInt(body.substring(dot + 1)));
        }
      }
    }
    Set<String> all = new HashSet<>();
    received.forEach(
        (producer, numbers) -> {
          assertThat(numbers).as("%s, seed %d", producer, seed).isSorted().doesNotHaveDuplicates();
          numbers.forEach(number -> all.add(producer + "." + number));
        });
    assertThat(all).as("seed %d", seed).containsAll(acknowledged);
    assertThat(acknowledged).hasSizeGreaterThan(KILLS * 100);
  }

  /** Producers send until the broker is killed, which is after so many acknowledged messages. */
  private void killUnderLoad(int round, int killAfter, Set<String> acknowledged)
      throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    CountDownLatch enough = new CountDownLatch(1);
    List<Thread> producers = new ArrayList<>();
    for (int p = 0; p < PRODUCERS; p++) {
      String name = "r" + round + "p" + p;
      boolean transactional = p == 0;
      Thread producer =
          new Thread(
              () -> {
                try (Wire wire = Wire.connect(broker.port())) {
                  for (int i = 0; ; i++) {
                    if (transactional) {
                      sendInBranch(wire, round, name, i);
                    } else {
                      wire.send(TOPIC, name + "." + i);
                    }
                    acknowledged.add(name + "." + i);
                    if (count.incrementAndGet() >= killAfter) {
                      enough.countDown();
                    }
                  }
                } catch (ClientException killed) {
                  enough.countDown();
                }
              },
              name);
      producer.start();
      producers.add(producer);
    }
    assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
    broker.kill();
    for (Thread producer : producers) {
      producer.join(TimeUnit.SECONDS.toMillis(60));
      assertThat(producer.isAlive()).isFalse();
    }
    start();
  }

  /** One committed branch, then one that is rolled back, in one phase and in two by turns. */
  private static void sendInBranch(Wire wire, int round, String name, int number) {
    boolean twoPhases = number % 2 == 0;
    Branch kept = startBranch(wire, round * 1_000_000 + 2 * number);
    wire.send(TOPIC, name + "." + number, kept, 1);
    end(wire, kept);
    if (twoPhases) {
      prepare(wire, kept);
      Wire.await(wire.client.transactions().commit(kept.xid()));
    } else {
      Wire.await(wire.client.transactions().commitOnePhase(kept.xid(), new BranchCounts(1, 0)));
    }
    Branch dropped = startBranch(wire, round * 1_000_000 + 2 * number + 1);
    wire.send(TOPIC, ROLLED_BACK, dropped, 1);
    end(wire, dropped);
    if (twoPhases) {
      prepare(wire, dropped);
    }
    Wire.await(wire.client.transactions().rollback(dropped.xid()));
  }

  private static Branch startBranch(Wire wire, int number) {
    return Wire.await(
        wire.client
            .transactions()
            .start(wire.xid(number), XAResource.TMNOFLAGS, Duration.ofMinutes(5)));
  }

  private static void end(Wire wire, Branch branch) {
    Wire.await(wire.client.transactions().end(branch, XAResource.TMSUCCESS));
  }

  private static void prepare(Wire wire, Branch branch) {
    assertThat(Wire.await(wire.client.transactions().prepare(branch, new BranchCounts(1, 0))))
        .isEqualTo(Vote.OK);
  }

  private Branch branchWithOneMessage() {
    try (Wire wire = Wire.connect(broker.port())) {
      Branch branch = startBranch(wire, 1);
      wire.send("orders", "a", branch, 1);
      end(wire, branch);
      prepare(wire, branch);
      return branch;
    }
  }

  @Test
  void aBrokerKilledAfterPrepareCommitsWhenItIsToldTo() {
    BranchXid xid = branchWithOneMessage().xid();
    killAndStart();
    try (Wire wire = Wire.connect(broker.port())) {
      assertThat(Wire.await(wire.client.transactions().recover())).containsExactly(xid);
      Wire.await(wire.client.transactions().commit(xid));
    }
    killAndStart();
    try (Wire wire = Wire.connect(broker.port())) {
      assertThat(wire.drain("orders")).containsExactly("a");
      assertThat(Wire.await(wire.client.transactions().recover())).isEmpty();
      assertThat(Wire.await(wire.client.transactions().outcome(xid)))
          .isEqualTo(BranchState.COMMITTED);
    }
  }

  @Test
  void aBrokerKilledAfterPrepareRollsBackWhenItIsToldTo() {
    BranchXid xid = branchWithOneMessage().xid();
    killAndStart();
    try (Wire wire = Wire.connect(broker.port())) {
      Wire.await(wire.client.transactions().rollback(xid));
    }
    killAndStart();
    try (Wire wire = Wire.connect(broker.port())) {
      assertThat(Wire.await(wire.client.transactions().recover())).isEmpty();
      assertThatThrownBy(() -> Wire.await(wire.client.transactions().commit(xid)))
          .isInstanceOf(XaFailure.class);
      Wire.await(wire.client.topics().create("orders", 1, false));
      assertThat(wire.drain("orders")).isEmpty();
    }
  }

  @Test
  void aBrokerKilledBeforePrepareDeliversNothing() {
    Wire before = Wire.connect(broker.port());
    before.send("in", "request");
    Branch branch = startBranch(before, 1);
    SessionConsumer consumer = before.consumer("in");
    before.acknowledge(before.receive(consumer, 1, 0), branch);
    before.send("orders", "a", branch, 1);
    killAndStart();
    before.close();
    try (Wire wire = Wire.connect(broker.port())) {
      assertThat(Wire.await(wire.client.transactions().recover())).isEmpty();
      assertThat(wire.drain("in")).containsExactly("request");
      Wire.await(wire.client.topics().create("orders", 1, false));
      assertThat(wire.drain("orders")).isEmpty();
    }
  }

  /** Asks soon and often, where a broker asks after seconds. */
  private void restartAsking() {
    broker.kill();
    broker =
        BrokerProcess.start(
            directory.resolve("store"),
            Map.of(
                "mappedFileSizeCommitLog",
                "9437184",
                "transactionTimeOut",
                "100",
                "transactionCheckInterval",
                "100"));
  }

  private static HalfMessage half(Wire wire, MessageProperties properties) {
    return Wire.await(
            wire.client
                .halfMessages()
                .send("shop", Wire.message("orders", "a", properties, Optional.empty())))
        .half();
  }

  private List<String> drainSoon() {
    try (Wire wire = Wire.connect(broker.port())) {
      Wire.await(wire.client.topics().create("orders", 1, false));
      return await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> wire.drain("orders"), drained -> !drained.isEmpty());
    }
  }

  @Test
  void aProducerThatDiesWithTheBrokerIsAnsweredForByAnotherOfItsGroup() {
    Wire producer = Wire.connect(broker.port());
    half(producer, MessageProperties.empty());
    restartAsking();
    producer.close();
    try (Wire other = Wire.connect(broker.port())) {
      Wire.await(
          other
              .client
              .halfMessages()
              .register(
                  "shop", check -> check.answer(Resolution.COMMIT).exceptionally(lost -> null)));
      assertThat(drainSoon()).containsExactly("a");
    }
    killAndStart();
    try (Wire wire = Wire.connect(broker.port())) {
      assertThat(wire.drain("orders")).isEmpty();
    }
  }

  @Test
  void aDelayedHalfMessageIsDeliveredOnceHoweverOftenTheBrokerDies() {
    HalfMessage half;
    try (Wire producer = Wire.connect(broker.port())) {
      half = half(producer, MessageProperties.empty().with(PropertyNames.TIMER_DELAY_MS, "1500"));
    }
    killAndStart();
    try (Wire producer = Wire.connect(broker.port())) {
      Wire.await(producer.client.halfMessages().end(half, Resolution.COMMIT));
    }
    killAndStart();
    try (Wire producer = Wire.connect(broker.port())) {
      Wire.await(producer.client.halfMessages().end(half, Resolution.COMMIT));
      assertThatThrownBy(
              () -> Wire.await(producer.client.halfMessages().end(half, Resolution.ROLLBACK)))
          .isInstanceOf(BrokerException.class);
    }
    assertThat(drainSoon()).containsExactly("a");
    killAndStart();
    try (Wire wire = Wire.connect(broker.port())) {
      assertThat(wire.drain("orders")).isEmpty();
    }
  }
}
