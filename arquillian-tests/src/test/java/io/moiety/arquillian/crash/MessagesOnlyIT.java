package io.moiety.arquillian.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.arquillian.orders.Application;
import io.moiety.arquillian.orders.Messages;
import io.moiety.arquillian.orders.Mode;
import io.moiety.arquillian.orders.StandaloneBroker;
import io.moiety.arquillian.server.FreePorts;
import io.moiety.arquillian.server.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions in mode CHECK_BACK that do nothing in the database themselves: the outcome's row is
 * the first that they ask a connection for, when they complete.
 */
class MessagesOnlyIT {

  @TempDir Path directory;

  @Test
  void messagesOfTransactionsWithoutRowsAreDelivered() throws Exception {
    int brokerPort = FreePorts.any();
    Messages messages = new Messages(brokerPort);
    try (Postgres database = Application.database();
        StandaloneBroker unused = StandaloneBroker.start(directory, brokerPort);
        Node node = Node.at(brokerPort, directory.resolve("node"), Mode.CHECK_BACK, database)) {
      // The data source is tried with the first send of a node's life only.
      for (String id : List.of("first", "second", "third")) {
        assertThat(node.announce(id).get(1, TimeUnit.MINUTES)).as(node::tail).isEqualTo(200);
      }

      Awaitility.await("all are delivered")
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(250))
          .untilAsserted(
              () -> {
                assertThat(messages.in("out"))
                    .as(node::tail)
                    .containsExactlyInAnyOrder("first", "second", "third");
                assertThat(messages.inDoubt()).isEmpty();
              });
    }
  }
}
