package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What RocketMQ's tools ask about the members of groups, and by way of the broker of these. */
final class GroupMembersTest {

  private final AdministrationBench admin = new AdministrationBench();

  @Test
  void membersOfGroupsAreShownWithWhatTheyRunAndWant() {
    Command consumers =
        admin.ask(RequestCode.GET_CONSUMER_CONNECTION_LIST, Map.of("consumerGroup", "G"));
    assertThat(Bench.text(consumers.body()))
        .isEqualTo(
            "{\"connectionSet\":[{\"clientAddr\":\"127.0.0.1:40001\",\"clientId\":\"c1\","
                + "\"language\":\"GO\",\"version\":401}],"
                + "\"consumeFromWhere\":\"CONSUME_FROM_FIRST_OFFSET\","
                + "\"consumeType\":\"CONSUME_PASSIVELY\",\"messageModel\":\"CLUSTERING\","
                + "\"subscriptionTable\":{\"T\":{\"classFilterMode\":false,\"codeSet\":[65],"
                + "\"expressionType\":\"TAG\",\"subString\":\"A || B\",\"subVersion\":7,"
                + "\"tagsSet\":[\"A\"],\"topic\":\"T\"}}}");
    Command producers =
        admin.ask(RequestCode.GET_PRODUCER_CONNECTION_LIST, Map.of("producerGroup", "PG"));
    assertThat(Bench.text(producers.body()))
        .isEqualTo(
            "{\"connectionSet\":[{\"clientAddr\":\"127.0.0.1:40001\",\"clientId\":\"c1\","
                + "\"language\":\"GO\",\"version\":401}]}");
    assertThat(Bench.text(admin.ask(RequestCode.GET_ALL_PRODUCER_INFO, Map.of()).body()))
        .startsWith("{\"data\":{\"PG\":[{\"clientId\":\"c1\",\"language\":\"GO\"");

    assertThat(
            admin
                .ask(RequestCode.GET_CONSUMER_CONNECTION_LIST, Map.of("consumerGroup", "nobody"))
                .code())
        .isEqualTo(ResponseCode.CONSUMER_NOT_ONLINE);
  }

  @Test
  void aQuestionToAConsumerGoesToItAndItsAnswerBack() {
    RecordedReply reply = runningInfo("c1");
    Command asked = admin.client.calls().get(0);
    assertThat(asked.code()).isEqualTo(RequestCode.GET_CONSUMER_RUNNING_INFO);
    assertThat(asked.fields().requiredText("jstackEnable")).isEqualTo("false");
    assertThat(reply.isAnswered()).isFalse();

    admin
        .client
        .answer()
        .answered(
            Command.response(
                asked, 0, "fine", Fields.empty(), ByteBuffer.wrap("{}".getBytes(UTF_8))));

    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(reply.answer().remark()).isEqualTo("fine");
    assertThat(Bench.text(reply.answer().body())).isEqualTo("{}");
  }

  @Test
  void aConsumerThatIsNotThereDoesNotAnswerOrGoesIsToldOf() {
    assertThat(runningInfo("nobody").answer().code()).isEqualTo(ResponseCode.CONSUMER_NOT_ONLINE);
    RecordedReply late = runningInfo("c1");
    admin.client.answer().late("late");
    assertThat(late.answer().code()).isEqualTo(ResponseCode.CONSUME_MSG_TIMEOUT);
    RecordedReply gone = runningInfo("c1");
    admin.client.answer().gone();
    assertThat(gone.answer().code()).isEqualTo(ResponseCode.CONSUMER_NOT_ONLINE);
  }

  @Test
  void aMessageIsSentToAConsumerAsItIsStored() {
    RecordView stored = admin.bench.stored("T", 0, 1);
    String id = MessageIds.offsetMessageId(stored.storeHost(), stored.position());
    RecordedReply reply =
        admin.bench.send(
            admin.tool,
            Command.request(
                RequestCode.CONSUME_MESSAGE_DIRECTLY,
                Bench.fields(
                    Map.of("consumerGroup", "G", "clientId", "c1", "msgId", id, "topic", "T"))));

    assertThat(reply.isAnswered()).isFalse();
    Command asked = admin.client.calls().get(0);
    assertThat(asked.code()).isEqualTo(RequestCode.CONSUME_MESSAGE_DIRECTLY);
    assertThat(asked.fields().requiredText("brokerName")).isEqualTo("broker-a");
    assertThat(asked.body()).isEqualTo(stored.bytes());
  }

  private RecordedReply runningInfo(String clientId) {
    return admin.bench.send(
        admin.tool,
        Command.request(
            RequestCode.GET_CONSUMER_RUNNING_INFO,
            Bench.fields(
                Map.of("consumerGroup", "G", "clientId", clientId, "jstackEnable", false))));
  }

  @Test
  void credentialsOfWhoAsksAreNotPassedOn() {
    Map<String, Object> fields =
        Map.of(
            "consumerGroup",
            "G",
            "clientId",
            "c1",
            "AccessKey",
            "tool",
            "Signature",
            "c2lnbmVk",
            "SecurityToken",
            "token");
    admin.bench.send(
        admin.tool, Command.request(RequestCode.GET_CONSUMER_RUNNING_INFO, Bench.fields(fields)));
    Map<String, Object> direct = new HashMap<>(fields);
    RecordView stored = admin.bench.stored("T", 0, 1);
    direct.put("msgId", MessageIds.offsetMessageId(stored.storeHost(), stored.position()));
    admin.bench.send(
        admin.tool, Command.request(RequestCode.CONSUME_MESSAGE_DIRECTLY, Bench.fields(direct)));

    assertThat(admin.client.calls()).hasSize(2);
    for (Command asked : admin.client.calls()) {
      assertThat(asked.fields().asMap())
          .containsEntry("clientId", "c1")
          .doesNotContainKeys("AccessKey", "Signature", "SecurityToken");
    }
  }
}
