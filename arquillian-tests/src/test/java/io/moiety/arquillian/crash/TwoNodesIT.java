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
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers with one database, in mode CHECK_BACK: one answers for the other. */
class TwoNodesIT {

  @TempDir Path directory;

  @Test
  void theOtherNodeAnswersForOneThatDiedAfterTheDatabaseCommitted() throws Exception {
    int brokerPort = FreePorts.any();
    Messages messages = new Messages(brokerPort);
    try (Postgres database = Application.database();
        StandaloneBroker unused = StandaloneBroker.start(directory, brokerPort);
        Node living = Node.at(brokerPort, directory.resolve("living"), Mode.CHECK_BACK, database);
        Node dying = Node.at(brokerPort, directory.resolve("dying"), Mode.CHECK_BACK, database)) {
      assertThat(living.place("of-the-living").get(1, TimeUnit.MINUTES)).isEqualTo(200);
      dying.placeAndStrike(
          "of-the-dead", KillPoint.DATABASE_COMMITTED.in(Direction.OUTBOUND), dying::kill);

      Awaitility.await("the other node answers, and the message is delivered")
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () -> {
                assertThat(messages.in("out"))
                    .as(living::tail)
                    .containsExactlyInAnyOrder("of-the-living", "of-the-dead");
                assertThat(messages.inDoubt()).isEmpty();
              });
      assertThat(database.orders()).containsExactly("of-the-dead", "of-the-living");
    }
  }
}
