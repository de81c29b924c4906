package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Replies on their way to who asked. */
final class RequestReplyTest {

  private final Bench bench = new Bench();
  private final ScriptedConnection requester = new ScriptedConnection(1);
  private final ScriptedConnection replier = new ScriptedConnection(2);

  @Test
  void aReplyIsPushedToItsRequesterWhoseAnswerTheReplierGets() {
    producer();
    RecordedReply reply = reply(RequestCode.SEND_REPLY_MESSAGE_V2, "asker");
    Command pushed = requester.calls().get(0);
    assertThat(pushed.code()).isEqualTo(RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT);
    assertThat(Bench.text(pushed.body())).isEqualTo("pong");
    Fields fields = pushed.fields();
    assertThat(fields.requiredText("topic")).isEqualTo("c1_REPLY_TOPIC");
    assertThat(fields.requiredText("producerGroup")).isEqualTo("PG");
    assertThat(fields.requiredText("bornHost")).isEqualTo("127.0.0.1:40002");
    assertThat(fields.requiredLong("storeTimestamp")).isEqualTo(bench.nowMillis);
    MessageProperties properties = MessageProperties.parse(fields.requiredText("properties"));
    assertThat(properties.get(PropertyNames.CORRELATION_ID)).hasValue("c-1");
    assertThat(properties.get(PropertyNames.PUSH_REPLY_TIME))
        .hasValue(Long.toString(bench.nowMillis));

    requester.answer().answered(Command.response(pushed, 0, null, Fields.empty()));
    assertThat(reply.answer().code()).isZero();
    assertThat(reply.answer().fields().requiredText("msgId")).isEqualTo("0");
    assertThat(reply.answer().fields().requiredLong("queueOffset")).isZero();
  }

  @Test
  void theFirstVersionNamesItsFieldsInWords() {
    producer();
    reply(RequestCode.SEND_REPLY_MESSAGE, "asker");
    assertThat(requester.calls().get(0).fields().requiredText("topic")).isEqualTo("c1_REPLY_TOPIC");
  }

  @Test
  void aReplyToAClientThatIsNotThereIsRefused() {
    producer();
    requester.close();
    RecordedReply reply = reply(RequestCode.SEND_REPLY_MESSAGE_V2, "asker");
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(reply.answer().remark()).contains("<asker> not found");
  }

  @Test
  void aReplyThatItsRequesterDoesNotTakeIsRefused() {
    producer();
    RecordedReply reply = reply(RequestCode.SEND_REPLY_MESSAGE_V2, "asker");
    requester.answer().late("the client did not answer in 3000 ms");
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(reply.answer().remark()).contains("asker", "did not answer");
  }

  @Test
  void aReplyThatDoesNotSayToWhomIsRefused() {
    RecordedReply reply = reply(RequestCode.SEND_REPLY_MESSAGE_V2, null);
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(reply.answer().remark()).contains("REPLY_TO_CLIENT");
  }

  private void producer() {
    Command heartbeat =
        Command.request(
            RequestCode.HEART_BEAT,
            Fields.empty(),
            ByteBuffer.wrap(
                """
                {"clientID":"asker","producerDataSet":[{"groupName":"PG"}],"consumerDataSet":[]}"""
                    .getBytes(UTF_8)));
    assertThat(bench.send(requester, heartbeat).answer().code()).isZero();
  }

  @Test
  void aReplyThatNamesAnotherTopicIsRefused() {
    producer();
    RecordedReply reply = reply(RequestCode.SEND_REPLY_MESSAGE_V2, "asker", "orders");
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(reply.answer().remark()).contains("c1_REPLY_TOPIC", "not orders");
    assertThat(requester.calls()).isEmpty();
  }

  private RecordedReply reply(int code, @Nullable String to) {
    return reply(code, to, "c1_REPLY_TOPIC");
  }

  private RecordedReply reply(int code, @Nullable String to, String topic) {
    boolean words = code == RequestCode.SEND_REPLY_MESSAGE;
    Map<String, Object> fields = new HashMap<>();
    fields.put(words ? "producerGroup" : "a", "PG");
    fields.put(words ? "topic" : "b", topic);
    fields.put(words ? "defaultTopic" : "c", "TBW102");
    fields.put(words ? "defaultTopicQueueNums" : "d", 4);
    fields.put(words ? "queueId" : "e", 0);
    fields.put(words ? "sysFlag" : "f", 0);
    fields.put(words ? "bornTimestamp" : "g", 7L);
    fields.put(words ? "flag" : "h", 0);
    String requesterProperty = to == null ? "" : "REPLY_TO_CLIENT\u0001" + to + "\u0002";
    fields.put(words ? "properties" : "i", "CORRELATION_ID\u0001c-1\u0002" + requesterProperty);
    return bench.send(
        replier,
        Command.request(code, Bench.fields(fields), ByteBuffer.wrap("pong".getBytes(UTF_8))));
  }
}
