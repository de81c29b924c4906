package io.moiety.protocol.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.MalformedBodyException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodiesTest {

  @Test
  void writesARouteAsRocketMqDoes() {
    RouteBody route =
        RouteBody.of(
            List.of(BrokerBody.master("DefaultCluster", "broker-a", "127.0.0.1:10911")),
            List.of(new RouteBody.QueueData("broker-a", 6, 4, 0, 4)));

    assertThat(text(JsonBodies.write(route)))
        .isEqualTo(
            "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"127.0.0.1:10911\"},"
                + "\"brokerName\":\"broker-a\",\"cluster\":\"DefaultCluster\","
                + "\"enableActingMaster\":false}],\"filterServerTable\":{},"
                + "\"queueDatas\":[{\"brokerName\":\"broker-a\",\"perm\":6,\"readQueueNums\":4,"
                + "\"topicSysFlag\":0,\"writeQueueNums\":4}]}");
    assertThat(JsonBodies.read(JsonBodies.write(route), RouteBody.class)).isEqualTo(route);
  }

  @Test
  void readsTheUnquotedKeysOfRocketMqsJson() {
    ClusterInfoBody info =
        read(
            "{\"brokerAddrTable\":{\"broker-a\":{\"brokerAddrs\":{0:\"127.0.0.1:10911\"},"
                + "\"brokerName\":\"broker-a\",\"cluster\":\"DefaultCluster\","
                + "\"enableActingMaster\":false}},"
                + "\"clusterAddrTable\":{\"DefaultCluster\":[\"broker-a\"]}}",
            ClusterInfoBody.class);
    assertThat(info)
        .isEqualTo(
            new ClusterInfoBody(
                Map.of(
                    "broker-a", BrokerBody.master("DefaultCluster", "broker-a", "127.0.0.1:10911")),
                Map.of("DefaultCluster", List.of("broker-a"))));
  }

  @Test
  void readsAHeartbeatOfRocketMq5() {
    HeartbeatBody heartbeat =
        read(
            "{\"clientID\":\"10.0.0.1@1\",\"heartbeatFingerprint\":0,\"withoutSub\":false,"
                + "\"producerDataSet\":[{\"groupName\":\"PG\"},"
                + "{\"groupName\":\"CLIENT_INNER_PRODUCER\"}],"
                + "\"consumerDataSet\":[{\"consumeFromWhere\":\"CONSUME_FROM_FIRST_OFFSET\","
                + "\"consumeType\":\"CONSUME_PASSIVELY\",\"groupName\":\"G\","
                + "\"messageModel\":\"CLUSTERING\",\"subscriptionDataSet\":["
                + "{\"classFilterMode\":false,\"codeSet\":[65],\"expressionType\":\"TAG\","
                + "\"subString\":\"A\",\"subVersion\":7,\"tagsSet\":[\"A\"],\"topic\":\"T\"}],"
                + "\"unitMode\":false}]}",
            HeartbeatBody.class);

    assertThat(heartbeat.clientId()).isEqualTo("10.0.0.1@1");
    assertThat(heartbeat.producers())
        .extracting(HeartbeatBody.Producer::groupName)
        .containsExactly("PG", "CLIENT_INNER_PRODUCER");
    HeartbeatBody.Consumer consumer = heartbeat.consumers().get(0);
    assertThat(consumer.consumeType()).isEqualTo(HeartbeatBody.ConsumeType.CONSUME_PASSIVELY);
    assertThat(consumer.messageModel()).isEqualTo(HeartbeatBody.MessageModel.CLUSTERING);
    assertThat(consumer.consumeFromWhere())
        .isEqualTo(HeartbeatBody.ConsumeFrom.CONSUME_FROM_FIRST_OFFSET);
    SubscriptionBody subscription = consumer.subscriptions().get(0);
    assertThat(subscription.tags()).containsExactly("A");
    assertThat(subscription.tagHashes()).containsExactly("A".hashCode());
    assertThat(subscription.version()).isEqualTo(7);
    assertThat(subscription.expressionType()).isEqualTo(SubscriptionBody.TAG);
  }

  @Test
  void ignoresUnknownMembersAndFillsInAbsentOnes() {
    HeartbeatBody heartbeat = read("{\"clientID\":\"c\",\"new\":{\"x\":[1]}}", HeartbeatBody.class);
    assertThat(heartbeat.producers()).isEmpty();
    assertThat(heartbeat.consumers()).isEmpty();
    assertThat(heartbeat.withoutSub()).isFalse();
  }

  @Test
  void writesATopicsSettingsAsRocketMqDoes() {
    assertThat(text(JsonBodies.write(TopicConfigBody.of("T", 4, 4, 6))))
        .isEqualTo(
            "{\"attributes\":{},\"order\":false,\"perm\":6,\"readQueueNums\":4,"
                + "\"topicFilterType\":\"SINGLE_TAG\",\"topicName\":\"T\",\"topicSysFlag\":0,"
                + "\"writeQueueNums\":4}");
  }

  @Test
  void writesShortListsAsRocketMqDoes() {
    MessageQueueBody queue = new MessageQueueBody("broker-a", -1, "T");
    assertThat(text(JsonBodies.write(new ConsumerIdListBody(List.of("c1", "c2")))))
        .isEqualTo("{\"consumerIdList\":[\"c1\",\"c2\"]}");
    assertThat(text(JsonBodies.write(new TopicListBody(List.of("T")))))
        .isEqualTo("{\"topicList\":[\"T\"]}");
    assertThat(text(JsonBodies.write(new LockedQueuesBody(List.of(queue)))))
        .isEqualTo(
            "{\"lockOKMQSet\":[{\"brokerName\":\"broker-a\",\"queueId\":-1,\"topic\":\"T\"}]}");
    assertThat(
            text(
                JsonBodies.write(
                    new AssignmentsBody(
                        List.of(new AssignmentsBody.Assignment(queue, RequestMode.POP))))))
        .isEqualTo(
            "{\"messageQueueAssignments\":[{\"messageQueue\":{\"brokerName\":\"broker-a\","
                + "\"queueId\":-1,\"topic\":\"T\"},\"mode\":\"POP\"}]}");
  }

  @Test
  void readsALockRequest() {
    LockBatchBody lock =
        read(
            "{\"clientId\":\"c\",\"consumerGroup\":\"G\",\"mqSet\":[{\"brokerName\":\"b\","
                + "\"queueId\":1,\"topic\":\"T\"}],\"onlyThisBroker\":false}",
            LockBatchBody.class);
    assertThat(lock.queues()).containsExactly(new MessageQueueBody("b", 1, "T"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}", // no clientID
        "{\"clientID\":\"c\",\"consumerDataSet\":[null]}",
        "{\"clientID\":\"c\",\"consumerDataSet\":[{\"groupName\":\"G\",\"consumeType\":\"X\"}]}",
        "{\"clientID\":\"c\",\"heartbeatFingerprint\":\"many\"}",
      })
  void refusesWhatIsNotTheBody(String json) {
    assertThatThrownBy(() -> read(json, HeartbeatBody.class))
        .isInstanceOf(MalformedBodyException.class)
        .hasMessageStartingWith("the body is not a HeartbeatBody: ");
  }

  @Test
  void leavesTheBufferItReadsAsItWas() {
    ByteBuffer body = ByteBuffer.allocateDirect(40).position(2);
    body.put("{\"topicList\":[]}".getBytes(UTF_8)).flip().position(2);
    assertThat(JsonBodies.read(body, TopicListBody.class).topicList()).isEmpty();
    assertThat(body.position()).isEqualTo(2);
  }

  private static <T> T read(String json, Class<T> type) {
    return JsonBodies.read(ByteBuffer.wrap(json.getBytes(UTF_8)), type);
  }

  private static String text(ByteBuffer json) {
    return UTF_8.decode(json).toString();
  }
}
