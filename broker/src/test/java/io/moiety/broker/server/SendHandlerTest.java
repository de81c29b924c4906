package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.intake.MessageIntake;
import io.moiety.broker.intake.TopicAdmission;
import io.moiety.broker.log.DiskSpace;
import io.moiety.broker.retention.DiskGuard;
import io.moiety.broker.retention.RetentionPolicy;
import io.moiety.broker.retention.RetentionSettings;
import io.moiety.broker.stats.LatencyHistogram;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.StoreTurn;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.transaction.Branches;
import io.moiety.broker.transaction.TestStore;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A send of a connection that its client has left for a newer one. */
final class SendHandlerTest {

  private static final String NON_PERSISTENT = "JMS_DeliveryMode\u00011\u0002";

  @TempDir private Path directory;
  private TestStore store;
  private final StoreTurn turn = new StoreTurn(10, () -> {}, () -> {});
  private final ScriptedConnection connection = new ScriptedConnection(1);
  private SendHandler handler;

  @BeforeEach
  void open() {
    store = TestStore.open(directory);
    BrokerClock clock = new BrokerClock(() -> 1_000, () -> 0);
    MessageIntake intake =
        new MessageIntake(
            new TopicAdmission(
                store.topics,
                new TopicCreation(store.topics, store.store),
                new TopicAdmission.Settings(true, 4, 1_000)),
            new DelayRouting(BrokerConfig.of(Map.of(), Profile.EMBEDDED).delayLevels()),
            store.branches,
            store.decisions,
            store.store,
            new DiskGuard(
                () -> new DiskSpace(1_000, 1_000, 0),
                Optional::empty,
                new RetentionPolicy(new RetentionSettings(1, 85, 90, Long.MAX_VALUE, 64))),
            TestStore.HOST,
            "c1");
    handler =
        new SendHandler(
            intake,
            new RetrySends(new GroupTable(), new QueueLocks(), clock),
            new NextBranch(
                store.branches, new LostConnections(Bench.inTurn(turn, clock), lost -> {}), clock),
            "broker-a",
            clock,
            TestStore.HOST,
            new LatencyHistogram(),
            Bench.inTurn(turn, clock));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Command send() {
    return send("");
  }

  /** With more properties, as {@code name\\u0001value\\u0002}. */
  private static Command send(String more) {
    return send(more, Map.of());
  }

  private static Command send(String more, Map<String, Object> others) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("a", "PG");
    fields.put("b", "T");
    fields.put("c", "TBW102");
    fields.put("d", 1);
    fields.put("e", 0);
    fields.put("f", 0);
    fields.put("g", 1L);
    fields.put("h", 0);
    fields.put("i", "UNIQ_KEY\u0001key\u0002" + more);
    fields.put("j", 0);
    fields.putAll(others);
    return Command.request(
        RequestCode.SEND_MESSAGE_V2, Bench.fields(fields), ByteBuffer.wrap("body".getBytes(UTF_8)));
  }

  /** As it is when the turn is somebody else's while the send arrives. */
  private RecordedReply sent(Runnable beforeItsTurn) {
    RecordedReply reply = new RecordedReply(send());
    turn.post(
        () -> {
          handler.handle(reply.request(), connection, reply);
          beforeItsTurn.run();
        });
    return reply;
  }

  @Test
  void sendThatWaitedForTheTurnWhileItsClientConnectedAnewIsNotStored() {
    long before = store.store.endPosition();
    RecordedReply reply = sent(connection::retire);
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.GO_AWAY);
    assertThat(reply.answer().remark()).contains("newer connection");
    assertThat(store.store.endPosition()).isEqualTo(before);
  }

  @Test
  void sendOfTheNewestConnectionIsStored() {
    long before = store.store.endPosition();
    sent(() -> {});
    assertThat(store.store.endPosition()).isGreaterThan(before);
  }

  private RecordedReply stored(String properties) {
    RecordedReply reply = new RecordedReply(send(properties));
    handler.handle(reply.request(), connection, reply);
    store.store.publish(store.now());
    return reply;
  }

  @Test
  void nonPersistentMessageIsAnsweredBeforeItIsForced() {
    stored("");
    store.flush();
    assertThat(stored("").isAnswered()).isFalse();
    store.flush();
    RecordedReply reply = stored(NON_PERSISTENT);
    assertThat(reply.isAnswered()).isTrue();
    assertThat(reply.answer().code()).isZero();
  }

  @Test
  void nonPersistentMessageThatWaitsForItsTimeIsForced() {
    stored("");
    store.flush();
    RecordedReply reply = stored(NON_PERSISTENT + "DELAY\u00011\u0002");
    assertThat(reply.isAnswered()).isFalse();
    store.flush();
    assertThat(reply.answer().code()).isZero();
  }

  @Test
  void messageThatCommitsItsBranchIsADeadLetterWhereAnotherWouldBe() {
    BranchXid xid = new BranchXid(1, new byte[] {1}, new byte[] {1});
    Branches.StartAnswer.Started started =
        (Branches.StartAnswer.Started)
            store.branches.start(xid, XAResource.TMNOFLAGS, 0, 1, store.now());
    String inBranch =
        MessageProperties.empty()
            .with(PropertyNames.BRANCH_XID, xid.toText())
            .with(PropertyNames.BRANCH_INCARNATION, Long.toString(started.incarnation()))
            .toText();
    Map<String, Object> onceMoreThanAllowed =
        Map.of("b", "%RETRY%G", "j", 1, "l", 0, "commit", true);
    RecordedReply reply = new RecordedReply(send(inBranch, onceMoreThanAllowed));
    handler.handle(reply.request(), connection, reply);
    store.flush();
    assertThat(reply.answer().code()).isZero();
    assertThat(store.served("%DLQ%G")).containsExactly("body");
    assertThat(store.served("%RETRY%G")).isEmpty();
  }
}
