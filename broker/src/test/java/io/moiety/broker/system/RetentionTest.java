package io.moiety.broker.system;

import static io.moiety.broker.system.Wire.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BrokerException;
import io.moiety.client.Delivery;
import io.moiety.client.HalfReceipt;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.Resolution;
import io.moiety.client.SendReceipt;
import io.moiety.client.SessionConsumer;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.transaction.xa.XAResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real broker keeps and what it lets go, with a log that may be three segments large. */
class RetentionTest {
  private static final int MIB = 1024 * 1024;
  private static final int FILLER_BYTES = 256 * 1024;
  private static final int SEGMENT_BYTES = 9 * MIB;

  @TempDir Path directory;
  private Broker broker;
  private Wire wire;

  /** What happens before the deletion of the segments, and before the look at what is left. */
  enum Interlude {
    NOTHING,
    RESTART,
    RESTART_WITH_NOTHING_BUT_THE_LOG
  }

  @BeforeEach
  void start() {
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir", directory.toString(),
                    "mappedFileSizeCommitLog", Integer.toString(SEGMENT_BYTES),
                    "flushDiskType", "ASYNC_FLUSH",
                    "snapshotIntervalBytes", Integer.toString(4 * MIB),
                    "transactionTimeOut", "3600000",
                    "maxStoreBytes", Integer.toString(3 * SEGMENT_BYTES)),
                Profile.EMBEDDED));
    wire = Wire.connect(broker.address().getPort());
  }

  @AfterEach
  void stop() {
    wire.close();
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(Interlude.class)
  void whatIsStillNeededOutlivesItsSegmentUnderTheNamesThatClientsKnow(Interlude interlude)
      throws IOException {
    await(wire.client.topics().createQueue("jobs", 1, false));
    Stream.of("a", "b", "c").forEach(body -> wire.send("jobs", body));
    acknowledgeSecond("jobs");
    HalfReceipt half = sendHalf("orders", "half");
    BranchXid inDoubt = prepare("payments", "in doubt");
    long dueMillis = System.currentTimeMillis() + 8_000;
    sendDelayed("reminders", "exact", PropertyNames.TIMER_DELIVER_MS, Long.toString(dueMillis));
    sendDelayed("reminders", "level", PropertyNames.DELAY, "2");

    take(interlude); // What is carried now was stored by an earlier run, and has to be read first.
    fillUntilTheFirstSegmentIsGone();
    take(interlude);

    assertThat(wire.drain("jobs")).containsExactly("a", "c");
    await(wire.client.halfMessages().end(half.half(), Resolution.COMMIT));
    assertThat(wire.drain("orders")).containsExactly("half");
    assertThat(await(wire.client.transactions().recover())).containsExactly(inDoubt);
    await(wire.client.transactions().commit(inDoubt));
    assertThat(wire.drain("payments")).containsExactly("in doubt");
    List<String> reminders = new ArrayList<>();
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .until(
            () -> {
              reminders.addAll(wire.drain("reminders"));
              return reminders.size() == 2;
            });
    assertThat(reminders).containsExactlyInAnyOrder("level", "exact");
    assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(dueMillis);
  }

  @ParameterizedTest
  @EnumSource(Interlude.class)
  void aQueueWhoseMessagesAreAllGoneGoesOnWithItsOffsets(Interlude interlude) throws IOException {
    await(wire.client.topics().createQueue("jobs", 1, false));
    wire.send("jobs", "a");
    wire.drain("jobs");
    fillUntilTheFirstSegmentIsGone();
    take(interlude);
    SendReceipt receipt = wire.send("jobs", "b");
    assertThat(receipt.queueOffset()).isEqualTo(1);
    assertThat(wire.drain("jobs")).containsExactly("b");
  }

  @Test
  void producersAreRefusedWhileNobodyTakesWhatMustBeKeptAndTakenAgainAfterwards() {
    await(wire.client.topics().createQueue("backlog", 1, false));
    int stored = 0;
    Optional<BrokerException> refusal = Optional.empty();
    while (refusal.isEmpty()) {
      assertThat(stored).as("messages before the refusal").isLessThan(1_000);
      try {
        sendFiller("backlog");
        stored++;
      } catch (BrokerException refused) {
        refusal = Optional.of(refused);
      }
    }
    assertThat(refusal.get()).hasMessageContaining("maxStoreBytes");
    assertThat(wire.drain("backlog")).hasSize(stored);
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .ignoreExceptionsInstanceOf(BrokerException.class)
        .until(() -> wire.send("backlog", "again") != null);
    assertThatThrownBy(() -> Files.size(segment(0))).isInstanceOf(IOException.class);
  }

  private void take(Interlude interlude) throws IOException {
    if (interlude == Interlude.NOTHING) {
      return;
    }
    stop();
    if (interlude == Interlude.RESTART_WITH_NOTHING_BUT_THE_LOG) {
      deleteAll(directory.resolve("views"));
    }
    start();
  }

  private static void deleteAll(Path views) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(views)) {
      files = entries.toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      Files.delete(file);
    }
  }

  /** Classic messages, which nobody need acknowledge. */
  private void fillUntilTheFirstSegmentIsGone() {
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              for (int i = 0; i < 8; i++) {
                sendFiller("filler");
              }
              return !Files.exists(segment(0));
            });
  }

  /** Again, while the disk is slower than this test. */
  private void sendFiller(String topic) {
    OutgoingMessage message =
        new OutgoingMessage(
            topic,
            0,
            MessageProperties.empty(),
            ByteBuffer.allocate(FILLER_BYTES),
            0,
            0,
            System.currentTimeMillis(),
            Optional.empty());
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              try {
                await(wire.client.send(message));
                return true;
              } catch (BrokerException refused) {
                if (refused.code() == ResponseCode.SYSTEM_BUSY) {
                  return false;
                }
                throw refused;
              }
            });
  }

  private Path segment(long position) {
    return directory.resolve("commitlog").resolve("%020d".formatted(position));
  }

  private void acknowledgeSecond(String queue) {
    SessionConsumer consumer = wire.consumer(queue);
    List<Delivery> deliveries = wire.receive(consumer, 3, 0);
    wire.acknowledge(deliveries.subList(1, 2));
    await(consumer.close());
    wire.recover();
  }

  private HalfReceipt sendHalf(String topic, String body) {
    return await(
        wire.client
            .halfMessages()
            .send("PG", Wire.message(topic, body, MessageProperties.empty(), Optional.empty())));
  }

  private BranchXid prepare(String topic, String body) {
    Branch branch =
        await(
            wire.client
                .transactions()
                .start(wire.xid(1), XAResource.TMNOFLAGS, Duration.ofMinutes(5)));
    wire.send(topic, body, branch, 1);
    await(wire.client.transactions().end(branch, XAResource.TMSUCCESS));
    await(wire.client.transactions().prepare(branch, new BranchCounts(1, 0)));
    return branch.xid();
  }

  private void sendDelayed(String topic, String body, String property, String value) {
    CompletableFuture<SendReceipt> sent =
        wire.client.send(
            Wire.message(
                topic, body, MessageProperties.empty().with(property, value), Optional.empty()));
    await(sent);
  }
}
