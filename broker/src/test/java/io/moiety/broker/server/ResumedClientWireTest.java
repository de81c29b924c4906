package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that connects again while its older connection still looks alive, frame by frame. */
final class ResumedClientWireTest {

  @TempDir private Path directory;
  private Broker broker;
  private RawClient older;
  private RawClient newer;

  @BeforeEach
  void start() throws IOException {
    broker = Broker.start(BrokerConfig.embedded(directory));
    older = new RawClient(broker.address());
    newer = new RawClient(broker.address());
    greet(older, 1);
    call(older, RequestCode.TOPIC_CREATE, Map.of("topic", "T", "queues", 1));
  }

  @AfterEach
  void stop() throws IOException {
    older.close();
    newer.close();
    broker.close();
  }

  @Test
  void whatWasSentBeforeIsKnownByItsKeyAndNothingElseIs() throws IOException {
    send(older, "sent");
    greet(newer, 2);
    Command stored = outcome("sent");
    assertThat(stored.fields().flag("stored")).isTrue();
    assertThat(stored.fields().requiredInt("queueId")).isZero();
    assertThat(stored.fields().requiredLong("queueOffset")).isZero();
    assertThat(stored.fields().requiredText("msgId")).isNotEmpty();
    assertThat(outcome("another").fields().flag("stored")).isFalse();
  }

  @Test
  void whatIsSaidOfASendThatWasOnItsWayStaysTrue() throws IOException {
    for (int i = 0; i < 50; i++) {
      String key = "key" + i;
      older.write(sendRequest(key, Map.of()));
      greet(newer, i + 2);
      boolean stored = outcome(key).fields().flag("stored");
      send(newer, "later" + i);
      assertThat(outcome(key).fields().flag("stored")).isEqualTo(stored);
      older.close();
      older = newer;
      newer = new RawClient(broker.address());
    }
  }

  @Test
  void messageThatWaitsForItsTimeIsKnown() throws IOException {
    older.write(sendRequest("delayed", Map.of("TIMER_DELAY_SEC", "600")));
    assertThat(older.read().code()).isZero();
    greet(newer, 2);
    assertThat(outcome("delayed").fields().flag("stored")).isTrue();
  }

  @Test
  void olderConnectionIsClosedAndItsExclusiveSubscriptionFree() throws IOException {
    Map<String, Object> subscription =
        Map.of("group", "G", "topic", "T", "from", "LAST", "durable", true, "exclusive", true);
    call(older, RequestCode.SUBSCRIBE, subscription);
    Command inUse = newer.call(Command.request(RequestCode.SUBSCRIBE, Bench.fields(subscription)));
    assertThat(inUse.code()).isEqualTo(ResponseCode.ILLEGAL_OPERATION);
    greet(newer, 2);
    call(newer, RequestCode.SUBSCRIBE, subscription);
    assertThat(older.isClosedByServer()).isTrue();
  }

  @Test
  void branchOfTheOlderConnectionCannotBeCommitted() throws IOException {
    String xid = "1-01-02";
    call(older, RequestCode.XA_START, Map.of("xid", xid, "flags", 0, "timeoutMillis", 60_000));
    greet(newer, 2);
    Command refused =
        newer.call(
            Command.request(
                RequestCode.XA_COMMIT,
                Bench.fields(Map.of("xid", xid, "onePhase", true, "sends", 0, "acks", 0))));
    assertThat(refused.code()).isEqualTo(ResponseCode.TRANSACTION_FAILED);
  }

  @Test
  void earlierAttemptThatComesLateIsRefused() throws IOException {
    Command late = newer.call(Command.request(RequestCode.HELLO, Bench.fields(hello(1))));
    assertThat(late.code()).isEqualTo(ResponseCode.GO_AWAY);
    send(older, "still served");
  }

  private static Map<String, Object> hello(long epoch) {
    return Map.of("clientId", "c", "instance", "an-instance", "epoch", epoch);
  }

  private static void greet(RawClient client, long epoch) throws IOException {
    call(client, RequestCode.HELLO, hello(epoch));
  }

  private Command outcome(String uniqueKey) throws IOException {
    return call(newer, RequestCode.SEND_OUTCOME, Map.of("topic", "T", "uniqueKey", uniqueKey));
  }

  private static void send(RawClient client, String uniqueKey) throws IOException {
    assertThat(client.call(sendRequest(uniqueKey, Map.of())).code()).isZero();
  }

  private static Command sendRequest(String uniqueKey, Map<String, String> more) {
    StringBuilder properties = new StringBuilder("UNIQ_KEY\u0001" + uniqueKey + "\u0002");
    more.forEach((name, value) -> properties.append(name + "\u0001" + value + "\u0002"));
    Map<String, Object> fields = new HashMap<>();
    fields.put("a", "PG");
    fields.put("b", "T");
    fields.put("c", "TBW102");
    fields.put("d", 1);
    fields.put("e", 0);
    fields.put("f", 0);
    fields.put("g", 1L);
    fields.put("h", 0);
    fields.put("i", properties.toString());
    fields.put("j", 0);
    return Command.request(
        RequestCode.SEND_MESSAGE_V2,
        Bench.fields(fields),
        ByteBuffer.wrap(uniqueKey.getBytes(UTF_8)));
  }

  private static Command call(RawClient client, int code, Map<String, Object> fields)
      throws IOException {
    Command answer = client.call(Command.request(code, Bench.fields(fields)));
    assertThat(answer.code()).as(answer.remark()).isZero();
    return answer;
  }
}
