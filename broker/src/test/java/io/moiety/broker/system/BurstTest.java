package io.moiety.broker.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.Delivery;
import io.moiety.client.SendReceipt;
import io.moiety.client.SessionConsumer;
import io.moiety.protocol.MessageProperties;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More at once than a new store has room prepared for. */
class BurstTest {
  private static final int MESSAGES = 1_600;
  private static final int IN_FLIGHT = 200;
  private static final String FILL = "x".repeat(64 * 1024);

  @TempDir Path directory;

  @Test
  void aBurstIntoAFreshStoreOfSmallSegmentsIsTakenWholeAndInOrder() {
    Map<String, String> properties =
        Map.of(
            "storePathRootDir", directory.toString(),
            "mappedFileSizeCommitLog", "8454144",
            "flushDiskType", "ASYNC_FLUSH",
            // However full the machine's disk is, nothing is given up for want of room.
            "diskSpaceCleanForciblyRatio", "100");
    try (Broker broker = Broker.start(BrokerConfig.of(properties, Profile.EMBEDDED));
        Wire wire = Wire.connect(broker.address().getPort())) {
      burst(wire);
      assertThat(received(wire)).isEqualTo(numbers());
    }
  }

  private static void burst(Wire wire) {
    Queue<CompletableFuture<SendReceipt>> inFlight = new ArrayDeque<>();
    for (int number : numbers()) {
      if (inFlight.size() == IN_FLIGHT) {
        Wire.await(inFlight.remove());
      }
      inFlight.add(
          wire.client.send(
              Wire.message(
                  "burst", number + " " + FILL, MessageProperties.empty(), Optional.empty())));
    }
    inFlight.forEach(Wire::await);
  }

  private static List<Integer> received(Wire wire) {
    List<Integer> received = new ArrayList<>();
    SessionConsumer consumer = wire.consumer("burst");
    List<Delivery> batch = wire.receive(consumer, 50, 0);
    while (!batch.isEmpty()) {
      for (Delivery delivery : batch) {
        String body = Wire.body(delivery);
        received.add(Integer.parseInt(body.substring(0, body.indexOf(' '))));
      }
      wire.acknowledge(batch);
      batch = wire.receive(consumer, 50, 0);
    }
    return received;
  }

  private static List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      numbers.add(i);
    }
    return numbers;
  }
}
