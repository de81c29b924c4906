package io.moiety.broker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.ConsumerSession;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.DelayOutcome;
import io.moiety.client.Delivery;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.client.SessionConsumer;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code moiety delayed} against a real broker. */
final class DelayedCommandTest {
  private static final String HOUR_MILLIS = "3600000";

  @TempDir Path directory;
  private Broker broker;
  private MoietyClient client;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void start() {
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of("storePathRootDir", directory.toString(), "listenPort", "0"),
                Profile.EMBEDDED));
    ClientConfig config =
        ClientConfig.builder()
            .addresses("127.0.0.1:" + broker.address().getPort())
            .clientId("shop")
            .build();
    client = await(MoietyClient.connect(config, ClientEvents.IGNORED));
  }

  @AfterEach
  void stop() {
    client.close();
    broker.close();
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failed) {
      throw new AssertionError(failed);
    }
  }

  private SendReceipt send(String topic, String body, String property, String value) {
    return await(
        client.send(
            new OutgoingMessage(
                topic,
                0,
                MessageProperties.empty().with(property, value),
                ByteBuffer.wrap(body.getBytes(UTF_8)),
                0,
                0,
                System.currentTimeMillis(),
                Optional.empty())));
  }

  private static String id(SendReceipt receipt) {
    return Long.toString(MessageIds.parseOffsetMessageId(receipt.offsetMessageId()).position());
  }

  private List<String> received(String topic) {
    ConsumerSession session = await(client.openSession());
    SessionConsumer consumer = session.openConsumer(ConsumerSpec.of(topic, topic));
    List<Delivery> deliveries = await(consumer.receive(100, 1 << 20, 0, true));
    return deliveries.stream()
        .map(delivery -> UTF_8.decode(delivery.record().body()).toString())
        .toList();
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("delayed"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--broker", "127.0.0.1:" + broker.address().getPort()));
    return commandLine.execute(all.toArray(new String[0]));
  }

  private List<String> listed(String... arguments) {
    List<String> all = new ArrayList<>(List.of("list"));
    all.addAll(List.of(arguments));
    assertThat(run(all.toArray(new String[0]))).as("%s", err).isZero();
    return out.toString().lines().toList();
  }

  @Test
  void levelsAndExactDelaysAreListedByTopic() throws IOException {
    SendReceipt level = send("orders", "level", PropertyNames.DELAY, "18");
    SendReceipt exact = send("orders", "exact", PropertyNames.TIMER_DELAY_MS, HOUR_MILLIS);
    send("shipments", "other", PropertyNames.TIMER_DELAY_MS, HOUR_MILLIS);
    assertThat(listed()).hasSize(3);
    List<String> orders = listed("--topic", "orders", "--json");
    assertThat(orders).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(orders.get(0));
    assertThat(first.get("id").asText()).isEqualTo(id(level));
    assertThat(first.get("level").asInt()).isEqualTo(18);
    assertThat(first.get("topic").asText()).isEqualTo("orders");
    JsonNode second = new ObjectMapper().readTree(orders.get(1));
    assertThat(second.get("id").asText()).isEqualTo(id(exact));
    assertThat(second.get("uniqueKey").asText()).isEqualTo(exact.uniqueKey());
    assertThat(listed("--max", "2")).hasSize(2);
  }

  @Test
  void whatIsCancelledIsNeverDeliveredAndSaidToBeCancelledAgain() {
    String id = id(send("orders", "exact", PropertyNames.TIMER_DELAY_MS, HOUR_MILLIS));
    assertThat(run("cancel", id, "--by", "Bob")).as("%s", err).isZero();
    assertThat(out.toString()).contains(id + " is CANCELLED");
    assertThat(listed()).isEmpty();
    assertThat(run("cancel", id)).isZero();
    assertThat(run("deliver", id)).isEqualTo(1);
    assertThat(out.toString()).contains("CANCELLED");
    assertThat(received("orders")).isEmpty();
  }

  @Test
  void whatIsDeliveredNowIsDeliveredOnce() {
    String exact = id(send("orders", "exact", PropertyNames.TIMER_DELAY_MS, HOUR_MILLIS));
    String level = id(send("orders", "level", PropertyNames.DELAY, "18"));
    assertThat(run("deliver", exact)).as("%s", err).isZero();
    assertThat(run("deliver", level)).as("%s", err).isZero();
    assertThat(run("deliver", exact)).isEqualTo(1);
    assertThat(out.toString()).contains("ALREADY_DELIVERED");
    assertThat(run("cancel", level)).isEqualTo(1);
    assertThat(out.toString()).contains("ALREADY_DELIVERED");
    assertThat(listed()).isEmpty();
    assertThat(received("orders")).containsExactly("exact", "level");
  }

  @Test
  void whatIsNoDelayedMessageIsUnknown() {
    String plain = id(send("orders", "plain", PropertyNames.KEYS, "k"));
    assertThat(run("cancel", plain)).isEqualTo(1);
    assertThat(out.toString()).contains("UNKNOWN");
    assertThat(run("deliver", "123456")).isEqualTo(1);
    assertThat(out.toString()).contains("UNKNOWN");
    assertThat(run("cancel", "x")).isEqualTo(1);
    assertThat(err.toString()).startsWith("moiety: ");
  }

  @Test
  void aSenderCancelsByTheIdOfItsMessageAndHearsTheTruth() {
    SendReceipt waiting = send("orders", "exact", PropertyNames.TIMER_DELAY_MS, HOUR_MILLIS);
    assertThat(await(client.delayedMessages().cancel("shipments", waiting.uniqueKey())))
        .isEqualTo(DelayOutcome.UNKNOWN);
    assertThat(await(client.delayedMessages().cancel("orders", waiting.uniqueKey())))
        .isEqualTo(DelayOutcome.CANCELLED);
    SendReceipt delivered = send("orders", "now", PropertyNames.TIMER_DELAY_MS, HOUR_MILLIS);
    assertThat(run("deliver", id(delivered))).isZero();
    assertThat(await(client.delayedMessages().cancel("orders", delivered.uniqueKey())))
        .isEqualTo(DelayOutcome.ALREADY_DELIVERED);
    assertThat(listed()).isEmpty();
  }

  @Test
  void aSenderCancelsTheLastSendUnderAKeyThatADeliveredMessageHad() {
    SendReceipt delivered = send("orders", "soon", PropertyNames.TIMER_DELAY_MS, "1");
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> listed().isEmpty());
    sendOn(delivered);
    assertThat(await(client.delayedMessages().cancel("orders", delivered.uniqueKey())))
        .isEqualTo(DelayOutcome.CANCELLED);
    assertThat(listed()).isEmpty();
  }

  private SendReceipt sendOn(SendReceipt delivered) {
    return await(
        client.send(
            new OutgoingMessage(
                "orders",
                0,
                MessageProperties.empty()
                    .with(PropertyNames.UNIQUE_KEY, delivered.uniqueKey())
                    .with(PropertyNames.TIMER_DELAY_MS, Long.toString(3 * 3_600_000)),
                ByteBuffer.wrap("again".getBytes(UTF_8)),
                0,
                0,
                System.currentTimeMillis(),
                Optional.empty())));
  }

  @Test
  void aSenderCancelsTheLastSendUnderAKeyOfWhichTheFirstWasDeliveredEarly() {
    SendReceipt first = send("orders", "first", PropertyNames.TIMER_DELAY_MS, HOUR_MILLIS);
    assertThat(run("deliver", id(first))).isZero();
    assertThat(received("orders")).containsExactly("first");
    sendOn(first);
    assertThat(await(client.delayedMessages().cancel("orders", first.uniqueKey())))
        .isEqualTo(DelayOutcome.CANCELLED);
    assertThat(listed()).isEmpty();
  }
}
