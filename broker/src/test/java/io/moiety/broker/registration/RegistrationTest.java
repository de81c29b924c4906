package io.moiety.broker.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.MoietyClient;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.RegistrationBody;
import io.moiety.protocol.body.TopicConfigBody;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Optional<Broker> broker = Optional.empty();

  private Broker start(String nameServers, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(more);
    properties.put("storePathRootDir", directory.toString());
    properties.put("namesrvAddr", nameServers);
    Broker started = Broker.start(BrokerConfig.of(properties, Profile.EMBEDDED));
    broker = Optional.of(started);
    return started;
  }

  @AfterEach
  void stop() {
    broker.ifPresent(Broker::close);
  }

  private static Command awaitLast(ScriptedNameServer server, int count) {
    await().atMost(SOON).until(() -> server.requests().size() >= count);
    return server.requests().get(server.requests().size() - 1);
  }

  private static Map<String, TopicConfigBody> topics(Command registration) {
    return JsonBodies.read(registration.body(), RegistrationBody.class).topics().topicConfigTable();
  }

  private static void createTopic(Broker broker, String topic) throws Exception {
    ClientConfig config =
        ClientConfig.builder()
            .addresses("127.0.0.1:" + broker.address().getPort())
            .clientId("c")
            .build();
    try (MoietyClient client =
        MoietyClient.connect(config, ClientEvents.IGNORED).get(20, TimeUnit.SECONDS)) {
      client.topics().create(topic, 3, false).get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void everyNameServerIsToldWhoAndWhereTheBrokerIs() throws Exception {
    try (ScriptedNameServer one = ScriptedNameServer.start(0);
        ScriptedNameServer two = ScriptedNameServer.start(0)) {
      Broker started =
          start(
              one.address() + "; " + two.address(),
              Map.of("brokerName", "b1", "brokerClusterName", "C1"));
      for (ScriptedNameServer server : List.of(one, two)) {
        Command registration = awaitLast(server, 1);
        assertThat(registration.code()).isEqualTo(RequestCode.REGISTER_BROKER);
        CRC32 crc = new CRC32();
        crc.update(registration.body());
        assertThat(registration.fields().asMap())
            .containsEntry("brokerName", "b1")
            .containsEntry("clusterName", "C1")
            .containsEntry("brokerId", "0")
            .containsEntry("brokerAddr", "127.0.0.1:" + started.address().getPort())
            .containsEntry("bodyCrc32", Long.toString(crc.getValue() & Integer.MAX_VALUE))
            .containsKey("haServerAddr");
        assertThat(topics(registration)).containsKeys("TBW102", "b1");
        assertThat(topics(registration).get("TBW102").perm()).isEqualTo(7);
      }
    }
  }

  @Test
  void aTopicThatIsMadeIsToldAtOnce() throws Exception {
    try (ScriptedNameServer server = ScriptedNameServer.start(0)) {
      Broker started = start(server.address(), Map.of());
      Command first = awaitLast(server, 1);
      assertThat(topics(first)).doesNotContainKey("orders");
      createTopic(started, "orders");
      await().atMost(SOON).until(() -> topics(awaitLast(server, 2)).containsKey("orders"));
      TopicConfigBody orders = topics(awaitLast(server, 2)).get("orders");
      assertThat(List.of(orders.readQueueNums(), orders.writeQueueNums(), orders.perm()))
          .containsExactly(3, 3, 6);
      assertThat(versionOf(awaitLast(server, 2))).isGreaterThan(versionOf(first));
    }
  }

  private static long versionOf(Command registration) {
    return JsonBodies.read(registration.body(), RegistrationBody.class)
        .topics()
        .dataVersion()
        .counter();
  }

  @Test
  void theTemplateForbidsWhatIsSwitchedOff() throws Exception {
    try (ScriptedNameServer server = ScriptedNameServer.start(0)) {
      start(server.address(), Map.of("autoCreateTopicEnable", "false"));
      assertThat(topics(awaitLast(server, 1)).get("TBW102").perm()).isZero();
    }
  }

  @Test
  void theNameIsTakenBackAtAStopAndTheConnectionClosed() throws Exception {
    try (ScriptedNameServer server = ScriptedNameServer.start(0)) {
      Broker started = start(server.address(), Map.of());
      Command registration = awaitLast(server, 1);
      started.close();
      Command last = server.requests().get(server.requests().size() - 1);
      assertThat(last.code()).isEqualTo(RequestCode.UNREGISTER_BROKER);
      assertThat(last.fields().asMap())
          .containsEntry("brokerId", "0")
          .containsEntry("brokerName", registration.fields().requiredText("brokerName"))
          .containsEntry("clusterName", registration.fields().requiredText("clusterName"))
          .containsEntry("brokerAddr", registration.fields().requiredText("brokerAddr"));
      await().atMost(SOON).until(() -> server.openConnections() == 0);
    }
  }

  @Test
  void aNameServerThatComesLaterOrAgainIsToldAndOthersDoNotWaitForIt() throws Exception {
    int port = freePort();
    try (ScriptedNameServer other = ScriptedNameServer.start(0)) {
      start("127.0.0.1:" + port + ";" + other.address(), Map.of());
      awaitLast(other, 1);
      for (int life = 0; life < 2; life++) {
        try (ScriptedNameServer server = startOncePortIsFree(port)) {
          assertThat(awaitLast(server, 1).code()).isEqualTo(RequestCode.REGISTER_BROKER);
        }
      }
      assertThat(other.requests()).hasSize(1);
    }
  }

  @Test
  void aNameServerThatRefusesIsAskedAgain() throws Exception {
    try (ScriptedNameServer server = ScriptedNameServer.start(0)) {
      server.answerWith(ResponseCode.SYSTEM_ERROR);
      start(server.address(), Map.of());
      awaitLast(server, 2);
      server.answerWith(ResponseCode.SUCCESS);
      int refused = server.requests().size();
      awaitLast(server, refused + 1);
      await().atMost(SOON).until(() -> server.openConnections() == 1);
    }
  }

  /** The system lets a port go a little after its last user. */
  private static ScriptedNameServer startOncePortIsFree(int port) {
    return await()
        .atMost(SOON)
        .ignoreException(BindException.class)
        .until(() -> ScriptedNameServer.start(port), Objects::nonNull);
  }

  private static int freePort() throws IOException {
    try (ScriptedNameServer free = ScriptedNameServer.start(0)) {
      return free.port();
    }
  }
}
