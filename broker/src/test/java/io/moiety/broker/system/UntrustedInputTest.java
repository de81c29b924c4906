package io.moiety.broker.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.client.BrokerException;
import io.moiety.client.StartPosition;
import io.moiety.client.SubscriptionSpec;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients may send or leave behind must never keep the broker from working. */
class UntrustedInputTest {
  @TempDir Path directory;
  private Broker broker;
  private Wire wire;

  @BeforeEach
  void start() {
    start(directory.resolve("store"));
  }

  private void start(Path store) {
    broker = Broker.start(BrokerConfig.embedded(store));
    wire = Wire.connect(broker.address().getPort());
  }

  @AfterEach
  void stop() {
    wire.close();
    broker.close();
  }

  /** Goes on with a copy of what is on the disk now, as after a kill. */
  private void restartFromACopyOfTheDisk() throws IOException {
    Path copy = directory.resolve("copy");
    try (Stream<Path> files = Files.walk(directory.resolve("store"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, copy.resolve(directory.resolve("store").relativize(file)));
      }
    }
    stop();
    start(copy);
  }

  @Test
  void marksOfTheBrokerThatAClientSendsAreNotStored() {
    MessageProperties marks =
        MessageProperties.empty()
            .with(PropertyNames.BRANCH_INCARNATION, "no number")
            .with(PropertyNames.BRANCH_SEQUENCE, "none either")
            .with(PropertyNames.DEAD_LETTER_OF, "no message")
            .with(PropertyNames.DUE_OF, SystemTopics.SCHEDULE + ":0:99:0:0");
    wire.send("orders", "a", marks);
    wire.send("%DLQ%orders", "b", marks);
    wire.send("orders", "delayed", MessageProperties.empty().with(PropertyNames.DELAY, "1"));
    stop();
    start();
    assertThat(wire.drain("orders")).startsWith("a");
    assertThat(wire.drain("%DLQ%orders")).containsExactly("b");
    assertThat(wire.receive(wire.consumer("orders"), 1, 30_000))
        .extracting(Wire::body)
        .containsExactly("delayed");
  }

  @Test
  void theTopicsOfTheBrokerCanBeNeitherMadeNorDeletedByClients() {
    wire.send("orders", "delayed", MessageProperties.empty().with(PropertyNames.DELAY, "1"));
    for (String topic : List.of(SystemTopics.SCHEDULE, SystemTopics.TIMER, SystemTopics.HALF)) {
      assertThatThrownBy(() -> Wire.await(wire.client.topics().create(topic, 1, true)))
          .isInstanceOf(BrokerException.class);
      assertThatThrownBy(() -> Wire.await(wire.client.topics().delete(topic)))
          .isInstanceOf(BrokerException.class);
    }
    assertThat(wire.receive(wire.consumer("orders"), 1, 30_000)).hasSize(1);
  }

  @Test
  void subscriptionsThatAKilledBrokerLeftBehindAreGoneUnlessTheyAreDurable() throws IOException {
    for (boolean durable : new boolean[] {true, false}) {
      Wire.await(
          wire.client
              .topics()
              .subscribe(
                  new SubscriptionSpec(
                      "durable-" + durable,
                      "prices",
                      StartPosition.LAST,
                      durable,
                      false,
                      Optional.empty(),
                      Optional.empty())));
    }
    restartFromACopyOfTheDisk();
    assertThatThrownBy(() -> Wire.await(wire.client.topics().unsubscribe("durable-false")))
        .isInstanceOf(BrokerException.class);
    Wire.await(wire.client.topics().unsubscribe("durable-true"));
  }
}
