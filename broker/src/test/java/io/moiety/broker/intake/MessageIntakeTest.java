package io.moiety.broker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.Appended;
import io.moiety.broker.log.DiskSpace;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.retention.DiskGuard;
import io.moiety.broker.retention.RetentionPolicy;
import io.moiety.broker.retention.RetentionSettings;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.transaction.Branches;
import io.moiety.broker.transaction.TestStore;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageIntakeTest {
  private static final int MAX_MESSAGE_BYTES = 1_000;

  @TempDir Path directory;
  private TestStore store;
  private MessageIntake intake;
  private final List<SendOutcome> outcomes = new ArrayList<>();

  @BeforeEach
  void open() {
    store = TestStore.open(directory);
    intake = intake(true);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private final AtomicReference<DiskSpace> diskSpace =
      new AtomicReference<>(new DiskSpace(1_000, 1_000, 0));

  private MessageIntake intake(boolean autoCreate) {
    return intake(autoCreate, store.store);
  }

  private MessageIntake intake(boolean autoCreate, Journal journal) {
    TopicCreation creation = new TopicCreation(store.topics, store.store);
    return new MessageIntake(
        new TopicAdmission(
            store.topics, creation, new TopicAdmission.Settings(autoCreate, 4, MAX_MESSAGE_BYTES)),
        new DelayRouting(BrokerConfig.of(Map.of(), Profile.EMBEDDED).delayLevels()),
        store.branches,
        store.decisions,
        journal,
        new DiskGuard(
            diskSpace::get,
            Optional::empty,
            new RetentionPolicy(new RetentionSettings(1, 85, 90, Long.MAX_VALUE, 64))),
        TestStore.HOST,
        "c1");
  }

  @Test
  void messagesAreRefusedWhileTheDiskIsTooFullAndTakenAgainAfterwards() {
    diskSpace.set(new DiskSpace(99, 1_000, 0));
    send("T", "a", MessageProperties.empty());
    assertRefused(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(outcomes.toString()).contains("90 % of").contains("99 bytes are free");
    diskSpace.set(new DiskSpace(101, 1_000, 0));
    send("T", "b", MessageProperties.empty());
    assertThat(store.served("T")).containsExactly("b");
  }

  private static IncomingMessage message(String topic, String body, MessageProperties properties) {
    return new IncomingMessage(
        topic,
        0,
        4,
        0,
        0,
        1,
        TestStore.HOST,
        0,
        properties,
        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
        1);
  }

  private void send(String topic, String body, MessageProperties properties) {
    intake.take(message(topic, body, properties), store.now(), outcomes::add);
    store.flush();
  }

  private void assertRefused(int responseCode) {
    assertThat(outcomes)
        .singleElement()
        .isInstanceOfSatisfying(
            SendOutcome.Refused.class,
            refused -> assertThat(refused.responseCode()).isEqualTo(responseCode));
  }

  private RecordView first(String topic) {
    ConsumeQueue queue = store.queues.find(topic, 0).orElseThrow();
    return store.store.read(
        queue.find(0).orElseThrow().position(), queue.find(0).orElseThrow().sizeBytes());
  }

  /** Of a branch that was just started, in which it is the only message. */
  private MessageProperties onlyOfItsBranch(BranchXid xid) {
    Branches.StartAnswer.Started started =
        (Branches.StartAnswer.Started)
            store.branches.start(xid, XAResource.TMNOFLAGS, 0, 1, store.now());
    return MessageProperties.empty()
        .with(PropertyNames.BRANCH_XID, xid.toText())
        .with(PropertyNames.BRANCH_INCARNATION, Long.toString(started.incarnation()));
  }

  private void sendAndCommit(String topic, String body, MessageProperties properties) {
    intake.takeAndCommit(message(topic, body, properties), store.now(), outcomes::add);
  }

  @Test
  void messageThatIsToCommitItsBranchIsRefusedAsAnyOtherAndTheBranchIsAsItWas() {
    send("T", "first", MessageProperties.empty());
    store.flush();
    intake = intake(false);
    outcomes.clear();
    long before = store.store.endPosition();
    MessageProperties properties =
        onlyOfItsBranch(new BranchXid(1, new byte[] {1}, new byte[] {1}));

    sendAndCommit("T", "a".repeat(MAX_MESSAGE_BYTES + 1), properties);
    sendAndCommit("T", "a", properties.with("large", "b".repeat(32_000)));
    sendAndCommit("T", "a", properties.with(PropertyNames.TIMER_DELAY_SEC, "999999999"));
    sendAndCommit("none", "a", properties);
    sendAndCommit(SystemTopics.STATE, "a", properties);
    diskSpace.set(new DiskSpace(99, 1_000, 0));
    sendAndCommit("T", "a", properties);
    diskSpace.set(new DiskSpace(1_000, 1_000, 0));
    assertThat(outcomes).hasSize(6).allMatch(outcome -> outcome instanceof SendOutcome.Refused);
    for (String needed : List.of(PropertyNames.BRANCH_XID, PropertyNames.BRANCH_INCARNATION)) {
      assertThatThrownBy(() -> sendAndCommit("T", "a", properties.without(needed)))
          .isInstanceOf(BadFieldException.class);
    }
    assertThat(store.store.endPosition()).isEqualTo(before);

    sendAndCommit("T", "second", properties);
    store.flush();
    assertThat(outcomes.get(6)).isInstanceOf(SendOutcome.Stored.class);
    assertThat(store.served("T")).containsExactly("first", "second");
  }

  @Test
  void aMessageThatIsSentOnLeavesTheMarkersOfItsFirstLifeBehind() {
    send("orders", "first", MessageProperties.empty().with(PropertyNames.DELAY, "1"));
    String marker = SystemTopics.SCHEDULE + ":0:0:1:1";
    send(
        "orders",
        "sent on",
        MessageProperties.empty()
            .with(PropertyNames.CARRIED, "1:1")
            .with(PropertyNames.DUE_OF, marker)
            .with(PropertyNames.DEAD_LETTER_OF, "group,orders,0,0")
            .with(PropertyNames.BRANCH_INCARNATION, "1")
            .with(PropertyNames.BRANCH_SEQUENCE, "1"));
    assertThat(first("orders").properties().asMap())
        .doesNotContainKeys(
            PropertyNames.CARRIED,
            PropertyNames.DUE_OF,
            PropertyNames.DEAD_LETTER_OF,
            PropertyNames.BRANCH_INCARNATION,
            PropertyNames.BRANCH_SEQUENCE);
    store.wallMillis.addAndGet(1_000);
    store.delayed.run(store.now());
    store.flush();
    assertThat(store.served("orders")).containsExactly("sent on", "first");
  }

  @Test
  void anAnswerWaitsForTheDiskUnlessTheMessageDoesNot() {
    intake.take(message("orders", "a", MessageProperties.empty()), store.now(), outcomes::add);
    assertThat(outcomes).isEmpty();
    intake.take(
        message("orders", "b", MessageProperties.empty().with(PropertyNames.WAIT, "false")),
        store.now(),
        outcomes::add);
    assertThat(outcomes).hasSize(1);
    store.flush();
    assertThat(outcomes).hasSize(2);
  }

  @Test
  void aHalfMessageIsSeenByNobody() {
    send(
        "orders",
        "half",
        MessageProperties.empty().with(PropertyNames.TRANSACTION_PREPARED, "true"));
    assertThat(store.served("orders")).isEmpty();
    assertThat(first(SystemTopics.HALF).property(PropertyNames.REAL_TOPIC)).contains("orders");
  }

  @Test
  void whatIsTooLargeIsRefusedWithTheLimit() {
    send("orders", "x".repeat(MAX_MESSAGE_BYTES + 1), MessageProperties.empty());
    assertRefused(ResponseCode.MESSAGE_ILLEGAL);
    assertThat(outcomes.toString()).contains("1000").contains("1001");
  }

  @Test
  void tooManyPropertiesAreRefused() {
    send("orders", "a", MessageProperties.empty().with("key", "v".repeat(32_000)));
    assertRefused(ResponseCode.MESSAGE_ILLEGAL);
  }

  @Test
  void theBrokersOwnTopicsTakeNoMessages() {
    send(SystemTopics.STATE, "a", MessageProperties.empty());
    assertRefused(ResponseCode.NO_PERMISSION);
  }

  @Test
  void anUnknownTopicIsRefusedWhereItMayNotBeCreated() {
    intake = intake(false);
    send("orders", "a", MessageProperties.empty());
    assertRefused(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void aTemporaryDestinationThatIsGoneIsNotMadeAgainByAMessage() {
    send(
        "replies",
        "a",
        MessageProperties.empty().with(PropertyNames.JMS_DESTINATION, "temp-queue://replies"));
    assertRefused(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void aMessageThatWasSentToATemporaryDestinationOnceMakesOtherTopicsAsAnother() {
    send(
        "orders",
        "a",
        MessageProperties.empty().with(PropertyNames.JMS_DESTINATION, "temp-queue://replies"));
    store.flush();
    assertThat(store.served("orders")).containsExactly("a");
  }

  private static List<IncomingMessage> batch(String... bodies) {
    return Arrays.stream(bodies)
        .map(body -> message("orders", body, MessageProperties.empty()))
        .toList();
  }

  @Test
  void aBatchIsOneQueueWithConsecutiveOffsetsAndTakesNoDelays() {
    intake.takeBatch(batch("a", "b"), outcomes::add);
    store.flush();
    assertThat(store.served("orders")).containsExactly("a", "b");
    outcomes.clear();
    intake.takeBatch(
        List.of(
            message("orders", "a", MessageProperties.empty()),
            message("orders", "b", MessageProperties.empty().with(PropertyNames.DELAY, "1"))),
        outcomes::add);
    assertRefused(ResponseCode.MESSAGE_ILLEGAL);
    outcomes.clear();
    intake.takeBatch(List.of(), outcomes::add);
    assertRefused(ResponseCode.MESSAGE_ILLEGAL);
    assertThat(store.served("orders")).containsExactly("a", "b");
  }

  @Test
  void aBatchThatFindsNoRoomLeavesNothingOfItAndIsTakenWholeLater() {
    AtomicBoolean full = new AtomicBoolean(true);
    Journal sometimesFull =
        new Journal() {
          @Override
          public Appended record(SystemRecord fact) {
            return store.store.record(fact);
          }

          @Override
          public Logged put(RecordDraft draft) {
            throw new AssertionError("a part of a batch is put");
          }

          @Override
          public List<Logged> putAll(List<RecordDraft> drafts) {
            if (full.get()) {
              throw new AppendRefusedException(PutStatus.OS_PAGE_CACHE_BUSY, "no room");
            }
            return store.store.putAll(drafts);
          }

          @Override
          public void whenServed(long endPosition, Waiter waiter) {
            store.store.whenServed(endPosition, waiter);
          }

          @Override
          public void whenDurable(long endPosition, Waiter waiter) {
            store.store.whenDurable(endPosition, waiter);
          }

          @Override
          public long endPosition() {
            return store.store.endPosition();
          }
        };
    intake = intake(true, sometimesFull);
    assertThatThrownBy(() -> intake.takeBatch(batch("a", "b"), outcomes::add))
        .isInstanceOf(AppendRefusedException.class);
    assertThat(outcomes).isEmpty();
    full.set(false);
    intake.takeBatch(batch("a", "b"), outcomes::add);
    store.flush();
    assertThat(store.served("orders")).containsExactly("a", "b");
    assertThat(outcomes)
        .singleElement()
        .isInstanceOfSatisfying(
            SendOutcome.Stored.class, stored -> assertThat(stored.positions()).hasSize(2));
  }

  @Test
  void aNameThatCannotBeOneOfATopicIsAWrongParameter() {
    send("orders of today", "a", MessageProperties.empty());
    send("o".repeat(128), "a", MessageProperties.empty());
    assertThat(outcomes)
        .allSatisfy(
            outcome ->
                assertThat(((SendOutcome.Refused) outcome).responseCode())
                    .isEqualTo(ResponseCode.INVALID_PARAMETER));
  }

  @Test
  void topicsThatAreClosedToSendsTakeNone() {
    send(SystemTopics.CHECK_MAX_TIME, "a", MessageProperties.empty());
    assertRefused(ResponseCode.NO_PERMISSION);
  }

  @Test
  void aBatchIsNoRetry() {
    intake.takeBatch(List.of(message("%RETRY%G", "a", MessageProperties.empty())), outcomes::add);
    assertRefused(ResponseCode.MESSAGE_ILLEGAL);
  }

  @Test
  void aRequestTellsItsReplierTheCluster() {
    MessageProperties request =
        MessageProperties.empty()
            .with(PropertyNames.REPLY_TO_CLIENT, "me")
            .with(PropertyNames.CORRELATION_ID, "c");
    send("orders", "a", request);
    assertThat(first("orders").property(PropertyNames.CLUSTER)).contains("c1");
    send("orders", "half", request.with(PropertyNames.TRANSACTION_PREPARED, "true"));
    assertThat(first(SystemTopics.HALF).property(PropertyNames.CLUSTER)).contains("c1");
  }

  @Test
  void whoSendsWithAnExactDelayLearnsWhenItIsDue() {
    send("orders", "a", MessageProperties.empty().with(PropertyNames.TIMER_DELAY_MS, "700"));
    send("orders", "b", MessageProperties.empty().with(PropertyNames.DELAY, "1"));
    assertThat(outcomes)
        .extracting(outcome -> ((SendOutcome.Stored) outcome).timerDueMillis())
        .containsExactly(OptionalLong.of(store.now() + 700), OptionalLong.empty());
  }

  @Test
  void aHalfMessageWhoseUniqueKeyDoesNotFitTwiceIsRefused() {
    MessageProperties properties =
        MessageProperties.of(Map.of(PropertyNames.UNIQUE_KEY, "k".repeat(16_000)));
    send("orders", "plain", properties);
    assertThat(store.served("orders")).containsExactly("plain");
    outcomes.clear();
    send("orders", "half", properties.with(PropertyNames.TRANSACTION_PREPARED, "true"));
    assertRefused(ResponseCode.MESSAGE_ILLEGAL);
    assertThat(outcomes.toString()).contains("with the unique key as transaction id");
    outcomes.clear();
    send("orders", "branch", properties.with(PropertyNames.BRANCH_XID, "1_aa_bb"));
    assertRefused(ResponseCode.MESSAGE_ILLEGAL);
  }
}
