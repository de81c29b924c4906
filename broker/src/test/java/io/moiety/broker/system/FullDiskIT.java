package io.moiety.broker.system;

import static io.moiety.broker.system.Wire.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.LogInspection;
import io.moiety.broker.log.LogVisitor;
import io.moiety.client.BrokerException;
import io.moiety.client.Delivery;
import io.moiety.client.SessionConsumer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The standalone broker on a file system that is really full. */
class FullDiskIT {
  private static final int DISK_MIB = 128;
  private static final int SEGMENT_BYTES = 9 * 1024 * 1024;
  private static final String QUEUE = "jobs";
  private static final String FILLING = "x".repeat(200 * 1024);

  @TempDir Path directory;
  private Optional<SmallDisk> mounted = Optional.empty();
  private Optional<BrokerProcess> started = Optional.empty();
  private final List<String> stored = new ArrayList<>();

  @BeforeEach
  void mount() throws IOException {
    mounted = Optional.of(SmallDisk.mount(directory.resolve("disk"), DISK_MIB));
  }

  @AfterEach
  void unmount() throws IOException {
    started.ifPresent(BrokerProcess::close);
    if (mounted.isPresent()) {
      mounted.get().close();
    }
  }

  @Test
  void producersAreRefusedBeforeTheDiskIsFullAndTakenAgainWhenSegmentsWent() {
    BrokerProcess broker = start(90);
    try (Wire wire = Wire.connect(broker.port())) {
      await(wire.client.topics().createQueue(QUEUE, 1, false));
      assertThat(fill(wire))
          .message()
          .containsAnyOf("diskSpaceWarningLevelRatio", "no room can be prepared");
      assertThat(heads(wire.drain(QUEUE))).isEqualTo(stored);
      sendAgain(wire, "after");
      assertThat(heads(wire.drain(QUEUE))).containsExactly("after");
    }
    assertThat(broker.isAlive()).isTrue();
    awaitSaid(broker, "Producers are refused");
    awaitSaid(broker, "Producers are taken again");
  }

  @Test
  void aForeignFileThatTakesAllRoomCostsNothingThatWasAnswered() throws IOException {
    BrokerProcess broker = start(100);
    Path foreign = disk().directory().resolve("foreign");
    try (Wire wire = Wire.connect(broker.port())) {
      await(wire.client.topics().createQueue(QUEUE, 1, false));
      send(wire, "first");
      send(wire, "second");
      disk().takeAllBut("foreign", 0);
      fill(wire);
      acknowledgeFirst(wire);
      Files.delete(foreign);
      sendAgain(wire, "after");
    }
    awaitSaid(
        broker,
        "No room can be prepared",
        "A snapshot cannot be written",
        // When the disk was looked at before the room that was prepared is used up.
        "Producers are refused");
    broker.kill();
    assertThat(LogInspection.inspect(store(), new LogVisitor() {}).healthy()).isTrue();
    BrokerProcess next = start(100);
    try (Wire wire = Wire.connect(next.port())) {
      assertThat(heads(wire.drain(QUEUE))).isEqualTo(stored.subList(1, stored.size()));
    }
  }

  @Test
  void aBrokerKilledOnAFullDiskStartsOnItAndLosesNothing() throws IOException {
    BrokerProcess broker = start(100);
    try (Wire wire = Wire.connect(broker.port())) {
      await(wire.client.topics().createQueue(QUEUE, 1, false));
      send(wire, "first");
      disk().takeAllBut("foreign", 0);
      fill(wire);
    }
    broker.kill();
    disk().takeAllBut("foreign", 0);
    BrokerProcess next = start(100);
    try (Wire wire = Wire.connect(next.port())) {
      assertThat(next.output()).isNotEmpty();
      Files.delete(disk().directory().resolve("foreign"));
      sendAgain(wire, "after");
      assertThat(heads(wire.drain(QUEUE))).isEqualTo(stored);
    }
  }

  private SmallDisk disk() {
    return mounted.orElseThrow();
  }

  private Path store() {
    return disk().directory().resolve("store");
  }

  private BrokerProcess start(int warningPercent) {
    BrokerProcess broker =
        BrokerProcess.start(
            store(),
            Map.of(
                "mappedFileSizeCommitLog",
                Integer.toString(SEGMENT_BYTES),
                "diskSpaceWarningLevelRatio",
                Integer.toString(warningPercent),
                "diskSpaceCleanForciblyRatio",
                Integer.toString(warningPercent - 10)));
    started = Optional.of(broker);
    return broker;
  }

  /** Until the broker refuses for another reason than being busy. */
  private BrokerException fill(Wire wire) {
    while (true) {
      assertThat(stored).as("messages before the refusal").hasSizeLessThan(2_000);
      Optional<BrokerException> refused = trySend(wire, "m" + stored.size());
      if (refused.isPresent() && !refused.get().getMessage().contains("slower than the appends")) {
        return refused.get();
      }
    }
  }

  private void send(Wire wire, String head) {
    assertThat(trySend(wire, head)).isEmpty();
  }

  private Optional<BrokerException> trySend(Wire wire, String head) {
    try {
      wire.send(QUEUE, head + ":" + FILLING);
      stored.add(head);
      return Optional.empty();
    } catch (BrokerException refused) {
      return Optional.of(refused);
    }
  }

  private void sendAgain(Wire wire, String head) {
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> trySend(wire, head).isEmpty());
  }

  /** Until the broker said one of these. */
  private static void awaitSaid(BrokerProcess broker, String... parts) {
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                broker.output().stream()
                    .anyMatch(line -> Stream.of(parts).anyMatch(line::contains)));
  }

  private static void acknowledgeFirst(Wire wire) {
    SessionConsumer consumer = wire.consumer(QUEUE);
    List<Delivery> first = wire.receive(consumer, 1, 0);
    wire.acknowledge(first);
    await(consumer.close());
    wire.recover();
  }

  private static List<String> heads(List<String> bodies) {
    return bodies.stream().map(body -> body.substring(0, body.indexOf(':'))).toList();
  }
}
