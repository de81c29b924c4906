package io.moiety.broker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchPart;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.Credentials;
import io.moiety.client.HalfMessage;
import io.moiety.client.HalfState;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.Resolution;
import io.moiety.client.Transactions;
import io.moiety.client.XaFailure;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code moiety transactions} against a real broker. */
final class TransactionsCommandTest {
  private static final String USERS =
      """
      {"users": [{"accessKey": "ann", "secretKey": "ann-secret", "admin": true},
                 {"accessKey": "shop", "secretKey": "shop-secret",
                  "topics": {"orders": "PUB|SUB"}, "groups": {}}]}
      """;

  @TempDir Path directory;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private int port;

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private void startBroker(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("storePathRootDir", directory.resolve("store").toString());
    all.put("listenPort", "0");
    Broker broker = Broker.start(BrokerConfig.of(all, Profile.EMBEDDED));
    opened.add(broker);
    port = broker.address().getPort();
  }

  private MoietyClient connect(Optional<Credentials> credentials) {
    ClientConfig.Builder config =
        ClientConfig.builder().addresses("127.0.0.1:" + port).clientId("shop");
    credentials.ifPresent(config::credentials);
    MoietyClient client = await(MoietyClient.connect(config.build(), ClientEvents.IGNORED));
    opened.add(client);
    return client;
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(failed);
    } catch (InterruptedException | TimeoutException failed) {
      throw new AssertionError(failed);
    }
  }

  private static OutgoingMessage message(String topic, Optional<BranchPart> branch) {
    return new OutgoingMessage(
        topic,
        0,
        MessageProperties.empty(),
        ByteBuffer.wrap("body".getBytes(UTF_8)),
        0,
        0,
        System.currentTimeMillis(),
        branch);
  }

  private static HalfMessage half(MoietyClient client, String group, String topic) {
    return await(client.halfMessages().send(group, message(topic, Optional.empty()))).half();
  }

  private static BranchXid prepared(MoietyClient client, int number, String topic) {
    BranchXid xid = new BranchXid(7, new byte[] {(byte) number}, new byte[] {1});
    Transactions transactions = client.transactions();
    Branch branch = await(transactions.start(xid, XAResource.TMNOFLAGS, Duration.ofMinutes(5)));
    await(client.send(message(topic, Optional.of(branch.part(1)))));
    await(transactions.end(branch, XAResource.TMSUCCESS));
    await(transactions.prepare(branch, new BranchCounts(1, 0)));
    return xid;
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("transactions"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--broker", "127.0.0.1:" + port));
    return commandLine.execute(all.toArray(new String[0]));
  }

  private List<String> listed(String... arguments) {
    List<String> all = new ArrayList<>(List.of("list"));
    all.addAll(List.of(arguments));
    assertThat(run(all.toArray(new String[0]))).as("%s", err).isZero();
    return out.toString().lines().toList();
  }

  private JsonNode shown(String id) throws IOException {
    assertThat(run("show", id, "--json")).as("%s", err).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void anOpenHalfMessageIsListedAndCommittedWithWhoAndWhen() throws IOException {
    startBroker(Map.of());
    MoietyClient client = connect(Optional.empty());
    HalfMessage half = half(client, "PG", "orders");
    String id = Long.toString(half.position());

    assertThat(listed())
        .singleElement()
        .asString()
        .startsWith(id + "  half  OPEN  since ")
        .contains("topic orders", "group PG", "transactionId " + half.uniqueKey(), "checks 0");
    long before = System.currentTimeMillis();
    assertThat(run("commit", id, "--by", "Bob\nB")).isZero();
    assertThat(out.toString()).isEqualTo(id + " is COMMITTED" + System.lineSeparator());

    JsonNode shown = shown(id);
    assertThat(shown.get("state").asText()).isEqualTo("COMMITTED");
    assertThat(shown.get("topic").asText()).isEqualTo("orders");
    assertThat(shown.get("decidedBy").asText()).isEqualTo("administrator 127.0.0.1 (Bob?B)");
    assertThat(shown.get("decidedMillis").asLong())
        .isBetween(before - 1_000, System.currentTimeMillis() + 1_000);
    assertThat(listed()).isEmpty();
    assertThat(await(client.halfMessages().outcome(half))).isEqualTo(HalfState.COMMITTED);

    assertThat(run("rollback", id)).isEqualTo(1);
    assertThat(err.toString()).contains("was COMMITTED before, which is final");
  }

  @Test
  void aRollbackIsShownWithWhoToo() throws IOException {
    startBroker(Map.of());
    MoietyClient client = connect(Optional.empty());
    HalfMessage half = half(client, "PG", "orders");
    assertThat(run("rollback", Long.toString(half.position()), "--by", "Bob")).isZero();
    JsonNode shown = shown(Long.toString(half.position()));
    assertThat(shown.get("state").asText()).isEqualTo("ROLLED_BACK");
    assertThat(shown.get("topic").asText()).isEqualTo("orders");
    assertThat(shown.get("transactionId").asText()).isEqualTo(half.uniqueKey());
    assertThat(shown.get("decidedBy").asText()).isEqualTo("administrator 127.0.0.1 (Bob)");
    assertThat(await(client.halfMessages().outcome("orders", half.uniqueKey())))
        .isEqualTo(HalfState.ROLLED_BACK);
  }

  @Test
  void whatItsProducerDecidedIsShownWithoutAnAdministrator() throws IOException {
    startBroker(Map.of());
    MoietyClient client = connect(Optional.empty());
    HalfMessage half = half(client, "PG", "orders");
    await(client.halfMessages().end(half, Resolution.COMMIT));
    JsonNode shown = shown(Long.toString(half.position()));
    assertThat(shown.get("state").asText()).isEqualTo("COMMITTED");
    assertThat(shown.has("decidedBy")).isFalse();
  }

  @Test
  void aHalfMessageThatNoCheckDecidedIsParkedAndResumed() throws IOException {
    startBroker(
        Map.of(
            "transactionTimeOut", "100",
            "transactionCheckInterval", "100",
            "transactionCheckMax", "1"));
    MoietyClient client = connect(Optional.empty());
    await(client.halfMessages().register("PG", check -> {}));
    HalfMessage half = half(client, "PG", "orders");
    String id = Long.toString(half.position());
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> listed("--state", "parked").size() == 1);
    assertThat(listed("--state", "open,prepared")).isEmpty();
    assertThat(await(client.halfMessages().outcome(half))).isEqualTo(HalfState.PARKED);

    await(client.halfMessages().unregister("PG"));
    assertThat(run("resume", id, "--by", "Bob")).as("%s", err).isZero();
    JsonNode shown = shown(id);
    assertThat(shown.get("state").asText()).isEqualTo("OPEN");
    assertThat(shown.get("decidedBy").asText()).isEqualTo("administrator 127.0.0.1 (Bob)");
    assertThat(run("resume", id)).isEqualTo(1);

    CompletableFuture<Void> answered = new CompletableFuture<>();
    await(
        client
            .halfMessages()
            .register(
                "PG",
                check -> {
                  if (check.half().equals(half)) {
                    check
                        .answer(Resolution.COMMIT)
                        .whenComplete((done, failure) -> answered.complete(null));
                  }
                }));
    await(answered);
    assertThat(await(client.halfMessages().outcome(half))).isEqualTo(HalfState.COMMITTED);
  }

  @Test
  void aPreparedBranchIsDecidedHeuristicallyAndItsTransactionManagerHears() throws IOException {
    startBroker(Map.of());
    MoietyClient client = connect(Optional.empty());
    BranchXid committed = prepared(client, 1, "orders");
    BranchXid rolledBack = prepared(client, 2, "shipments");
    assertThat(listed("--state", "prepared")).hasSize(2);
    assertThat(run("show", committed.toText())).isZero();
    assertThat(out.toString())
        .contains(committed.toText() + "  branch  PREPARED  since ")
        .contains("sends to orders queue 0: ");

    assertThat(run("commit", committed.toText(), "--by", "Bob")).isZero();
    assertThat(out.toString()).contains("is HEURISTIC_COMMIT");
    assertThat(run("rollback", rolledBack.toText(), "--by", "Bob")).isZero();
    assertThat(run("resume", committed.toText())).isEqualTo(1);
    assertThat(shown(committed.toText()).get("decidedBy").asText())
        .isEqualTo("administrator 127.0.0.1 (Bob)");
    assertThat(listed("--state", "heuristic-commit,heuristic-rollback")).hasSize(2);

    assertXaError(client.transactions().commit(committed), XAException.XA_HEURCOM);
    assertXaError(client.transactions().commit(rolledBack), XAException.XA_HEURRB);
    await(client.transactions().forget(committed));
    await(client.transactions().forget(rolledBack));
    assertThat(listed()).isEmpty();
    assertXaError(client.transactions().commit(committed), XAException.XAER_NOTA);
  }

  @Test
  void aHeuristicOutcomeIsForgottenWithWhoWhenItsTransactionManagerIsGone() {
    startBroker(Map.of());
    MoietyClient client = connect(Optional.empty());
    BranchXid xid = prepared(client, 1, "orders");
    assertThat(run("forget", xid.toText(), "--by", "Bob")).isEqualTo(1);
    assertThat(err.toString()).contains("no heuristic outcome");
    assertThat(run("rollback", xid.toText(), "--by", "Bob")).isZero();
    assertThat(run("forget", xid.toText(), "--by", "Eve")).isZero();
    assertThat(out.toString()).contains("is FORGOTTEN");
    assertThat(listed()).isEmpty();
    assertXaError(client.transactions().commit(xid), XAException.XAER_NOTA);
    assertThat(run("forget", xid.toText(), "--by", "Eve")).isEqualTo(1);

    StringWriter dump = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(dump));
    assertThat(commandLine.execute("store", "dump", directory.resolve("store").toString()))
        .isZero();
    assertThat(dump.toString().lines().filter(line -> line.contains("BranchForgotten")))
        .singleElement()
        .asString()
        .contains("by=\"administrator 127.0.0.1 (Eve)\"");
  }

  private static void assertXaError(CompletableFuture<Void> step, int xaError) {
    try {
      await(step);
      throw new AssertionError("the step was not refused");
    } catch (XaFailure refused) {
      assertThat(refused.xaError()).isEqualTo(xaError);
    }
  }

  @Test
  void whatIsListedIsFilteredByTopicGroupStateAndAge() {
    startBroker(Map.of());
    MoietyClient client = connect(Optional.empty());
    half(client, "PG", "orders");
    half(client, "OTHER", "shipments");
    BranchXid branch = prepared(client, 1, "orders");
    assertThat(listed()).hasSize(3);
    assertThat(listed("--topic", "orders")).hasSize(2);
    assertThat(listed("--group", "OTHER")).singleElement().asString().contains("shipments");
    assertThat(listed("--topic", "orders", "--state", "prepared"))
        .singleElement()
        .asString()
        .startsWith(branch.toText());
    assertThat(listed("--older-than", "3600")).isEmpty();
    assertThat(listed("--max", "2")).hasSize(2);
    assertThat(run("list", "--state", "lost")).isEqualTo(1);
    assertThat(err.toString()).contains("PREPARED");
  }

  @Test
  void aListOfManyPagesHasEachTransactionOnce() {
    startBroker(Map.of());
    MoietyClient client = connect(Optional.empty());
    List<CompletableFuture<Long>> sent = new ArrayList<>();
    for (int i = 0; i < 1_203; i++) {
      sent.add(
          client
              .halfMessages()
              .send("PG", message("orders", Optional.empty()))
              .thenApply(receipt -> receipt.half().position()));
    }
    List<String> positions =
        sent.stream().map(TransactionsCommandTest::await).map(String::valueOf).toList();
    assertThat(listed("--max", "100000"))
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsExactlyElementsOf(positions);
  }

  @Test
  void onlyAnAdministratorMayAndTheUserIsRecorded() throws IOException {
    startBroker(
        Map.of("accessFile", Files.writeString(directory.resolve("users.json"), USERS).toString()));
    MoietyClient client = connect(Optional.of(new Credentials("shop", "shop-secret")));
    HalfMessage half = half(client, "PG", "orders");
    String id = Long.toString(half.position());
    assertThat(run("list")).isEqualTo(1);
    assertThat(run(as("shop", "commit", id))).isEqualTo(1);
    assertThat(err.toString()).contains("no permission");
    assertThat(await(client.halfMessages().outcome(half))).isEqualTo(HalfState.OPEN);

    assertThat(run(as("ann", "commit", id))).as("%s", err).isZero();
    assertThat(run(as("ann", "show", id))).isZero();
    assertThat(out.toString()).contains("by administrator ann@127.0.0.1");
  }

  private String[] as(String user, String... arguments) throws IOException {
    Path secret = Files.writeString(directory.resolve(user + ".key"), user + "-secret\n");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--access-key", user, "--secret-key-file", secret.toString()));
    return all.toArray(new String[0]);
  }

  @Test
  void whatIsUnknownOrMalformedIsSaidInOneLine() {
    startBroker(Map.of());
    assertThat(run("show", "123456")).isEqualTo(1);
    assertThat(err.toString()).startsWith("moiety: ").contains("there is no transaction 123456");
    assertThat(run("commit", "123456")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no half message at position 123456");
    assertThat(run("commit", "7-00-01")).isEqualTo(1);
    assertThat(err.toString()).contains("branch 7-00-01 is unknown");
    assertThat(run("show", "what")).isEqualTo(1);
    assertThat(err.toString()).contains("the position of a half message in digits");
    assertThat(run("list", "--access-key", "ann")).isEqualTo(CommandLine.ExitCode.USAGE);
  }

  @Test
  void aBrokerThatIsNotThereIsSaid() {
    port = 1;
    assertThat(run("list")).isEqualTo(1);
    assertThat(err.toString()).startsWith("moiety: ").contains("127.0.0.1:1");
  }

  @Test
  void anOutcomeIsToldForTheTopicAndTheIdThatWereSent() {
    startBroker(Map.of());
    MoietyClient client = connect(Optional.empty());
    HalfMessage half = half(client, "PG", "orders");
    await(client.halfMessages().end(half, Resolution.COMMIT));
    assertThat(await(client.halfMessages().outcome("orders", half.uniqueKey())))
        .isEqualTo(HalfState.COMMITTED);
    assertThat(await(client.halfMessages().outcome("shipments", half.uniqueKey())))
        .isEqualTo(HalfState.UNKNOWN);
    assertThat(await(client.halfMessages().outcome("orders", "never sent")))
        .isEqualTo(HalfState.UNKNOWN);
    HalfMessage elsewhere =
        new HalfMessage("PG", "orders", half.uniqueKey(), 0, half.position() + 1);
    assertThat(await(client.halfMessages().outcome(elsewhere))).isEqualTo(HalfState.UNKNOWN);
  }
}
