package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.protocol.Command;
import io.moiety.protocol.HeaderFormat;
import io.moiety.protocol.RecallHandle;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leased delivery frame by frame: POP as RocketMQ's clients speak it, and Moiety's sessions. */
final class DeliveryWireTest {

  @TempDir private Path directory;
  private Broker broker;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    broker = Broker.start(BrokerConfig.embedded(directory));
    client = new RawClient(broker.address());
    call(RequestCode.TOPIC_CREATE, Map.of("topic", "T", "queues", 1));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void poppedMessagesAreAcknowledgedOneByOneAndInBatches(HeaderFormat format) throws IOException {
    send("a", "b", "c");
    Command popped = pop(format, 60_000);
    assertThat(bodies(popped)).containsExactly("a", "b", "c");
    assertThat(popped.fields().requiredText("startOffsetInfo")).isEqualTo("0 0 0");
    assertThat(popped.fields().requiredText("msgOffsetInfo")).isEqualTo("0 0 0,1,2");

    assertThat(client.call(ack(handle(popped, 1)).withFormat(format)).code()).isZero();
    BitSet bits = BitSet.valueOf(new long[] {0b101});
    assertThat(client.call(batchAck(popped, bits).withFormat(format)).code()).isZero();

    assertThat(client.call(ack(handle(popped, 7))).code()).isEqualTo(ResponseCode.NO_MESSAGE);
    assertThat(pop(format, 60_000).code()).isEqualTo(ResponseCode.POLLING_TIMEOUT);
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void aMessageThatIsNotAcknowledgedInTimeComesAgainAndTellsSo(HeaderFormat format)
      throws IOException {
    send("a");
    Command popped = pop(format, 60_000);
    Map<String, Object> fields = handle(popped, 0);
    fields.put("invisibleTime", 1);
    Command changed =
        client.call(request(RequestCode.CHANGE_MESSAGE_INVISIBLETIME, fields).withFormat(format));
    assertThat(changed.fields().requiredLong("invisibleTime")).isEqualTo(1);
    Command again = pop(format, 60_000, 10_000);
    assertThat(bodies(again)).containsExactly("a");
    assertThat(RecordView.list(again.body()).get(0).reconsumeTimes()).isEqualTo(1);
  }

  @Test
  void aSessionReceivesHandsOverReleasesAndAcknowledges() throws IOException {
    send("a", "b");
    Map<String, Object> consumer = consumer(session());
    Command received = receive(consumer, Map.of("maxMessages", 10));
    assertThat(received.fields().requiredText("deliveries")).isEqualTo("0:0:1,0:1:1");
    client.write(oneway(RequestCode.HANDED_OVER, with(consumer, Map.of("offsets", "0:0"))));
    assertThat(call(RequestCode.RELEASE, with(consumer, Map.of("offsets", "*"))).code()).isZero();
    assertThat(acknowledge(consumer, "1:0:0-1").code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(acknowledge(consumer, "1:0:0").code()).isZero();
    assertThat(receive(consumer, Map.of("maxMessages", 10)).fields().requiredText("deliveries"))
        .isEqualTo("0:1:1");
    assertThat(receive(consumer, Map.of("maxMessages", 10)).code())
        .isEqualTo(ResponseCode.PULL_NOT_FOUND);
    assertThat(call(RequestCode.SESSION_CLOSE, consumer).code()).isZero();
    assertThat(receive(consumer, Map.of("maxMessages", 10)).code())
        .isEqualTo(ResponseCode.ILLEGAL_OPERATION);
  }

  @Test
  void aClientIdIsForOneInstanceUntilItLeaves() throws IOException {
    Map<String, Object> first = Map.of("clientId", "orders", "claim", "a");
    Map<String, Object> second = Map.of("clientId", "orders", "claim", "b");
    assertThat(call(RequestCode.HELLO, first).code()).isZero();
    assertThat(call(RequestCode.HELLO, first).code()).isZero();
    assertThat(call(RequestCode.HELLO, Map.of("clientId", "more", "claim", "a")).code())
        .isEqualTo(ResponseCode.ILLEGAL_OPERATION);
    RawClient former = client;
    try (RawClient another = new RawClient(broker.address())) {
      client = another;
      Command refused = call(RequestCode.HELLO, second);
      assertThat(refused.code()).isEqualTo(ResponseCode.ILLEGAL_OPERATION);
      assertThat(refused.remark()).contains("orders", "in use");
      assertThat(call(RequestCode.HELLO, Map.of("clientId", "orders")).code()).isZero();
      client = former;
      assertThat(call(RequestCode.HELLO, Map.of("clientId", "orders", "leaving", true)).code())
          .isZero();
      client = another;
      assertThat(call(RequestCode.HELLO, second).code()).isZero();
    }
    client = former;
  }

  @Test
  void theSameInstanceTakesItsClientIdOverFromItsLostConnection() throws IOException {
    Map<String, Object> mine = Map.of("clientId", "orders", "claim", "a");
    assertThat(call(RequestCode.HELLO, mine).code()).isZero();
    try (RawClient former = client) {
      client = new RawClient(broker.address());
      assertThat(call(RequestCode.HELLO, mine).code()).isZero();
      assertThat(former.isClosedByServer()).isTrue();
    }
  }

  @Test
  void messagesOfAClosedConnectionComeAgainElsewhere() throws IOException {
    send("a");
    receive(consumer(session()), Map.of("maxMessages", 10, "handOver", true));
    client.close();
    client = new RawClient(broker.address());
    Command again = receive(consumer(session()), Map.of("maxMessages", 10, "waitMillis", 10_000));
    assertThat(again.fields().requiredText("deliveries")).isEqualTo("0:0:2");
  }

  @Test
  void aBadSelectorIsRefusedAndAGoodOneSelects() throws IOException {
    send("a", "b");
    Map<String, Object> consumer = consumer(session());
    Command refused = receive(consumer, Map.of("maxMessages", 1, "selector", "n ="));
    assertThat(refused.code()).isEqualTo(ResponseCode.SUBSCRIPTION_PARSE_FAILED);
    assertThat(refused.remark()).contains("'n ='");
    Command selected =
        receive(consumer, Map.of("maxMessages", 10, "selector", "JMSMessageID = 'ID:b'"));
    assertThat(bodies(selected)).containsExactly("b");
    Command page =
        call(
            RequestCode.BROWSE,
            Map.of("group", "T", "topic", "T", "queueId", 0, "maxMessages", 10));
    assertThat(bodies(page)).containsExactly("a", "b");
    assertThat(page.fields().flag("end")).isTrue();
  }

  @Test
  void aSubscriptionBeginsWhereItIsToldAndIsDeleted() throws IOException {
    send("old");
    Map<String, Object> subscription =
        Map.of("group", "S", "topic", "T", "from", "LAST", "durable", true, "exclusive", true);
    assertThat(call(RequestCode.SUBSCRIBE, subscription).code()).isZero();
    send("new");
    Map<String, Object> consumer = with(consumer(session()), Map.of("group", "S"));
    assertThat(bodies(receive(consumer, Map.of("maxMessages", 10)))).containsExactly("new");
    assertThat(call(RequestCode.UNSUBSCRIBE, Map.of("group", "S")).code())
        .isEqualTo(ResponseCode.ILLEGAL_OPERATION);
    call(RequestCode.CONSUMER_CLOSE, consumer);
    assertThat(call(RequestCode.UNSUBSCRIBE, Map.of("group", "S")).code()).isZero();
    assertThat(call(RequestCode.UNSUBSCRIBE, Map.of("group", "S")).code())
        .isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
  }

  private void send(String... bodies) throws IOException {
    for (String body : bodies) {
      sent(sendFields(body), body);
    }
  }

  private static Map<String, Object> sendFields(String uniqueKey) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("a", "PG");
    fields.put("b", "T");
    fields.put("c", "TBW102");
    fields.put("d", 4);
    fields.put("e", 0);
    fields.put("f", 0);
    fields.put("g", 1L);
    fields.put("h", 0);
    fields.put("i", "UNIQ_KEY\u0001" + uniqueKey + "\u0002");
    return fields;
  }

  private Command sent(Map<String, Object> fields, String body) throws IOException {
    Command sent =
        client.call(
            Command.request(
                    RequestCode.SEND_MESSAGE_V2,
                    Bench.fields(fields),
                    ByteBuffer.wrap(body.getBytes(UTF_8)))
                .withOpaque(1));
    assertThat(sent.code()).isZero();
    return sent;
  }

  private long session() throws IOException {
    assertThat(call(RequestCode.HELLO, Map.of("clientId", "me")).fields().requiredText("storeUuid"))
        .isEqualTo(broker.storeUuid());
    return call(RequestCode.SESSION_OPEN, Map.of()).fields().requiredLong("session");
  }

  private static Map<String, Object> consumer(long session) {
    return Map.of("session", session, "consumer", 1, "group", "T", "topic", "T");
  }

  private Command receive(Map<String, Object> consumer, Map<String, Object> more)
      throws IOException {
    return call(RequestCode.RECEIVE, with(consumer, more));
  }

  private Command acknowledge(Map<String, Object> consumer, String spans) throws IOException {
    return client.call(
        Command.request(
                RequestCode.ACKNOWLEDGE,
                Bench.fields(consumer),
                ByteBuffer.wrap(spans.getBytes(UTF_8)))
            .withOpaque(2));
  }

  private Command pop(HeaderFormat format, long invisibleMillis) throws IOException {
    return pop(format, invisibleMillis, 0);
  }

  private Command pop(HeaderFormat format, long invisibleMillis, long pollMillis)
      throws IOException {
    return client.call(
        request(RequestCode.POP_MESSAGE, popFields(invisibleMillis, pollMillis))
            .withFormat(format));
  }

  private static Map<String, Object> popFields(long invisibleMillis, long pollMillis) {
    return Map.of(
        "consumerGroup",
        "G",
        "topic",
        "T",
        "queueId",
        -1,
        "maxMsgNums",
        32,
        "invisibleTime",
        invisibleMillis,
        "pollTime",
        pollMillis,
        "initMode",
        0);
  }

  private static Command ack(Map<String, Object> handle) {
    return request(RequestCode.ACK_MESSAGE, handle);
  }

  private static Map<String, Object> handle(Command popped, long queueOffset) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("consumerGroup", "G");
    fields.put("topic", "T");
    fields.put("queueId", 0);
    fields.put("offset", queueOffset);
    fields.put(
        "extraInfo",
        "0 %d 60000 0 0 b 0 %d".formatted(popped.fields().requiredLong("popTime"), queueOffset));
    return fields;
  }

  private static Command batchAck(Command popped, BitSet bits) {
    String body =
        """
        {"brokerName":"b","acks":[{"c":"G","t":"T","rt":"0","so":0,"q":0,"rq":0,"pt":%d,"it":1,
        "b":"%s"}]}"""
            .formatted(
                popped.fields().requiredLong("popTime"),
                Base64.getEncoder().encodeToString(bits.toByteArray()));
    return Command.request(
            RequestCode.BATCH_ACK_MESSAGE,
            Bench.fields(Map.of()),
            ByteBuffer.wrap(body.getBytes(UTF_8)))
        .withOpaque(3);
  }

  private Command call(int code, Map<String, Object> fields) throws IOException {
    return client.call(request(code, fields));
  }

  private static Command request(int code, Map<String, Object> fields) {
    return Command.request(code, Bench.fields(fields)).withOpaque(4);
  }

  private static Command oneway(int code, Map<String, Object> fields) {
    return request(code, fields).asOneway();
  }

  private static Map<String, Object> with(Map<String, Object> fields, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(fields);
    all.putAll(more);
    return all;
  }

  private static List<String> bodies(Command answer) {
    assertThat(answer.code()).isZero();
    return RecordView.list(answer.body()).stream()
        .map(message -> UTF_8.decode(message.body()).toString())
        .toList();
  }

  @Test
  void aDelayedMessageIsRecalledOnceByItsHandle() throws IOException {
    Map<String, Object> fields = sendFields("u1");
    fields.put("i", "UNIQ_KEY\u0001u1\u0002TIMER_DELAY_SEC\u0001600\u0002");
    String handle = sent(fields, "a").fields().requiredText("recallHandle");
    RecallHandle parsed = RecallHandle.parse(handle).orElseThrow();
    assertThat(parsed.topic()).isEqualTo("T");
    assertThat(parsed.uniqueKey()).isEqualTo("u1");

    Command recalled = recall("T", handle);
    assertThat(recalled.code()).isZero();
    assertThat(recalled.fields().requiredText("msgId")).isEqualTo("u1");
    Command again = recall("T", handle);
    assertThat(again.code()).isEqualTo(ResponseCode.ILLEGAL_OPERATION);
    assertThat(again.remark()).contains("u1", "delivered or recalled already");
    assertThat(recall("U", handle).code()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(recall("T", "no handle").code()).isEqualTo(ResponseCode.ILLEGAL_OPERATION);
    String foreign = new RecallHandle("T", "another", parsed.dueMillis(), "u1").toText();
    assertThat(recall("T", foreign).remark()).contains("broker another");
  }

  private Command recall(String topic, String handle) throws IOException {
    return call(RequestCode.RECALL_MESSAGE, Map.of("topic", topic, "recallHandle", handle));
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void poppedInOrderAQueueWaitsForItsAcknowledgements(HeaderFormat format) throws IOException {
    send("a");
    Map<String, Object> inOrder = new HashMap<>(popFields(60_000, 0));
    inOrder.put("order", true);
    inOrder.put("attemptId", "one");
    Command popped = client.call(request(RequestCode.POP_MESSAGE, inOrder).withFormat(format));
    assertThat(bodies(popped)).containsExactly("a");
    assertThat(popped.fields().requiredInt("reviveQid")).isEqualTo(999);
    send("b");
    inOrder.put("attemptId", "two");
    Command blocked = client.call(request(RequestCode.POP_MESSAGE, inOrder).withFormat(format));
    assertThat(blocked.code()).isEqualTo(ResponseCode.POLLING_TIMEOUT);
    assertThat(blocked.fields().requiredLong("restNum")).isZero();
    assertThat(hasMessage(format, true, 0)).isFalse();
    assertThat(hasMessage(format, false, 0)).isTrue();

    Map<String, Object> again = handle(popped, 0);
    again.put("invisibleTime", 1);
    client.call(request(RequestCode.CHANGE_MESSAGE_INVISIBLETIME, again).withFormat(format));
    assertThat(hasMessage(format, true, 10_000)).isTrue();
    Command repeated = client.call(request(RequestCode.POP_MESSAGE, inOrder).withFormat(format));
    assertThat(bodies(repeated)).containsExactly("a", "b");
    assertThat(repeated.fields().requiredText("orderCountInfo")).isEqualTo("0 qo0%0 1");
  }

  private boolean hasMessage(HeaderFormat format, boolean inOrder, long pollMillis)
      throws IOException {
    Map<String, Object> fields = new HashMap<>(popFields(0, pollMillis));
    fields.put("order", inOrder);
    Command answer = client.call(request(RequestCode.NOTIFICATION, fields).withFormat(format));
    assertThat(answer.code()).isZero();
    assertThat(answer.fields().flag("pollingFull")).isFalse();
    return answer.fields().flag("hasMsg");
  }
}
