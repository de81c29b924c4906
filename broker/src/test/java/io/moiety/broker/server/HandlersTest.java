package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.delivery.GroupReaders;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import io.moiety.broker.store.SystemRecord.OffsetsCommitted;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.ConsumerIdListBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.LockedQueuesBody;
import io.moiety.protocol.body.RouteBody;
import io.moiety.protocol.body.TopicListBody;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Name-server answers, clients, offsets, locks, topics. */
final class HandlersTest {

  private final Bench bench = new Bench();
  private final ScriptedConnection first = new ScriptedConnection(1);
  private final ScriptedConnection second = new ScriptedConnection(2);

  private RecordedReply withBody(Connection connection, int code, String json) {
    return bench.send(
        connection,
        Command.request(code, Bench.fields(Map.of()), ByteBuffer.wrap(json.getBytes(UTF_8))));
  }

  private Command heartbeat(Connection connection, String clientId, String consumerGroup) {
    return withBody(
            connection,
            RequestCode.HEART_BEAT,
            """
            {"clientID":"%s","producerDataSet":[{"groupName":"PG"}],"consumerDataSet":[
            {"groupName":"%s","subscriptionDataSet":[{"topic":"T","subString":"*"}]}]}"""
                .formatted(clientId, consumerGroup))
        .answer();
  }

  @Test
  void routeNamesTheAddressByWhichTheClientCame() {
    bench.topic("T", 3);

    Command answer = bench.call(first, RequestCode.GET_ROUTEINFO_BY_TOPIC, Map.of("topic", "T"));

    assertThat(Bench.text(answer.body()))
        .isEqualTo(
            "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"127.0.0.1:9876\"},"
                + "\"brokerName\":\"broker-a\",\"cluster\":\"c1\",\"enableActingMaster\":false}],"
                + "\"filterServerTable\":{},\"queueDatas\":[{\"brokerName\":\"broker-a\",\"perm\":6,"
                + "\"readQueueNums\":3,\"topicSysFlag\":0,\"writeQueueNums\":3}]}");
  }

  @Test
  void routeNamesTheConfiguredHostWhereThereIsOne() {
    Bench advertised =
        new Bench(BrokerConfig.of(Map.of("brokerIP1", "10.1.2.3"), Profile.EMBEDDED));

    Command answer =
        advertised.call(first, RequestCode.GET_ROUTEINFO_BY_TOPIC, Map.of("topic", "TBW102"));

    assertThat(Bench.text(answer.body())).contains("\"10.1.2.3:9876\"");
  }

  @Test
  void templateTopicHasARouteOnlyWhereTopicsAreCreatedOnDemand() {
    Command answer =
        bench.call(first, RequestCode.GET_ROUTEINFO_BY_TOPIC, Map.of("topic", "TBW102"));
    RouteBody route = JsonBodies.read(answer.body(), RouteBody.class);
    assertThat(route.queues()).containsExactly(new RouteBody.QueueData("broker-a", 7, 8, 0, 8));

    Bench strict =
        new Bench(BrokerConfig.of(Map.of("autoCreateTopicEnable", "false"), Profile.EMBEDDED));
    assertThat(
            strict
                .call(first, RequestCode.GET_ROUTEINFO_BY_TOPIC, Map.of("topic", "TBW102"))
                .code())
        .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void unknownTopicHasNoRoute() {
    Command answer = bench.call(first, RequestCode.GET_ROUTEINFO_BY_TOPIC, Map.of("topic", "none"));

    assertThat(answer.code()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(answer.remark())
        .startsWith("No topic route info in name server for the topic: none");
  }

  @Test
  void clusterAndTopicsAreListed() {
    bench.topic("T", 1);
    Command cluster = bench.call(first, RequestCode.GET_BROKER_CLUSTER_INFO, Map.of());
    assertThat(Bench.text(cluster.body())).contains("\"clusterAddrTable\":{\"c1\":[\"broker-a\"]}");

    Command topics = bench.call(first, RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER, Map.of());
    assertThat(JsonBodies.read(topics.body(), TopicListBody.class).topicList())
        .containsExactly("T");
  }

  @Test
  void heartbeatMakesTheGroupWithItsRetryTopicOnce() {
    Command answer = heartbeat(first, "a", "G");
    int factsAfterFirst = bench.store.facts().size();
    heartbeat(first, "a", "G");

    assertThat(answer.fields().flag("IS_SUPPORT_HEART_BEAT_V2")).isTrue();
    assertThat(bench.groups.find("G")).contains(GroupConfig.plain("G"));
    assertThat(bench.topics.find("%RETRY%G").orElseThrow().readQueues()).isEqualTo(1);
    assertThat(bench.store.facts()).hasSize(factsAfterFirst);
    assertThat(bench.clients.producers("PG")).containsOnlyKeys("a");
    assertThat(first.clientId()).contains("a");
  }

  @Test
  void membersAreToldWhenOneJoinsOrItsConnectionEnds() {
    heartbeat(first, "a", "G");
    heartbeat(second, "b", "G");
    assertThat(consumerIds()).containsExactly("a", "b");
    int before = first.notices().size();

    second.close();

    assertThat(consumerIds()).containsExactly("a");
    assertThat(first.notices()).hasSize(before + 1);
    Command notice = first.notices().get(before);
    assertThat(notice.code()).isEqualTo(RequestCode.NOTIFY_CONSUMER_IDS_CHANGED);
    assertThat(notice.isOneway()).isTrue();
    assertThat(notice.fields().requiredText("consumerGroup")).isEqualTo("G");
  }

  private List<String> consumerIds() {
    Command answer =
        bench.call(first, RequestCode.GET_CONSUMER_LIST_BY_GROUP, Map.of("consumerGroup", "G"));
    return JsonBodies.read(answer.body(), ConsumerIdListBody.class).consumerIdList();
  }

  @Test
  void clientThatUnregistersIsNoLongerListed() {
    heartbeat(first, "a", "G");
    bench.call(first, RequestCode.UNREGISTER_CLIENT, Map.of("clientID", "a", "consumerGroup", "G"));
    bench.call(
        first, RequestCode.UNREGISTER_CLIENT, Map.of("clientID", "a", "producerGroup", "PG"));

    Command list =
        bench.call(first, RequestCode.GET_CONSUMER_LIST_BY_GROUP, Map.of("consumerGroup", "G"));
    assertThat(list.code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(list.remark()).isEqualTo("no consumer for this group, G");
    assertThat(bench.clients.producers("PG")).isEmpty();
  }

  @Test
  void clientThatUnregistersAnotherChangesNothing() {
    heartbeat(first, "a", "G");
    heartbeat(second, "b", "G");
    GroupReaders readers = bench.deliveries.readers();
    bench.topic("T", 1);
    Map<String, Object> pop = new HashMap<>(Map.of("consumerGroup", "G", "topic", "T"));
    pop.putAll(Map.of("queueId", -1, "maxMsgNums", 1, "invisibleTime", 1_000, "pollTime", 0));
    bench.call(first, RequestCode.POP_MESSAGE, pop);
    int notices = second.notices().size();

    bench.call(first, RequestCode.UNREGISTER_CLIENT, Map.of("clientID", "b", "consumerGroup", "G"));
    bench.call(
        first, RequestCode.UNREGISTER_CLIENT, Map.of("clientID", "b", "producerGroup", "PG"));

    assertThat(consumerIds()).containsExactly("a", "b");
    assertThat(bench.clients.producers("PG")).containsOnlyKeys("a", "b");
    assertThat(second.notices()).hasSize(notices);
    assertThat(readers.refuseOffset("G", "T")).as("the first pops still").isPresent();

    bench.call(first, RequestCode.UNREGISTER_CLIENT, Map.of("clientID", "a", "consumerGroup", "G"));
    assertThat(readers.refuseOffset("G", "T")).isEmpty();
  }

  @Test
  void clientThatNeverCameMayLeave() {
    Command answer =
        bench.call(
            first,
            RequestCode.UNREGISTER_CLIENT,
            Map.of("clientID", "a", "consumerGroup", "G", "producerGroup", "PG"));

    assertThat(answer.code()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void heartbeatThatIsNotJsonOrHasAWrongGroupNameIsRefused() {
    assertThat(withBody(first, RequestCode.HEART_BEAT, "no").answer().code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(heartbeat(first, "a", "G G").code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(bench.clients.producers("PG")).isEmpty();
  }

  @Test
  void badSelectorIsToldToTheClientThatAsks() {
    String body =
        """
        {"clientId":"a","group":"G","subscriptionData":
        {"topic":"T","expressionType":"SQL92","subString":"%s"}}""";

    assertThat(
            withBody(first, RequestCode.CHECK_CLIENT_CONFIG, body.formatted("a > 1"))
                .answer()
                .code())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(
            withBody(first, RequestCode.CHECK_CLIENT_CONFIG, body.formatted("a >")).answer().code())
        .isEqualTo(ResponseCode.SUBSCRIPTION_PARSE_FAILED);
  }

  @Test
  void offsetIsKnownAtOnceAndLoggedAfterFiveSeconds() {
    bench.topic("T", 1);
    bench.message("T", 0, Map.of());
    bench.message("T", 0, Map.of());
    commit(2);
    assertThat(queryOffset(Map.of()).fields().requiredLong("offset")).isEqualTo(2);

    bench.offsets.run(bench.nowMillis + 4_999);
    assertThat(bench.store.facts()).noneMatch(OffsetsCommitted.class::isInstance);
    bench.offsets.run(bench.nowMillis + 5_000);

    assertThat(bench.store.facts())
        .contains(new OffsetsCommitted(List.of(new CommittedOffset("G", "T", 0, 2))));
    assertThat(queryOffset(Map.of()).fields().requiredLong("offset")).isEqualTo(2);
    commit(2);
    assertThat(bench.offsets.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  private Command commit(long offset) {
    return bench.call(
        first,
        RequestCode.UPDATE_CONSUMER_OFFSET,
        Map.of("consumerGroup", "G", "topic", "T", "queueId", 0, "commitOffset", offset));
  }

  private Command queryOffset(Map<String, Object> more) {
    Map<String, Object> fields =
        new HashMap<>(Map.of("consumerGroup", "G", "topic", "T", "queueId", 0));
    fields.putAll(more);
    return bench.call(first, RequestCode.QUERY_CONSUMER_OFFSET, fields);
  }

  @Test
  void offsetBeyondTheEndOfAQueueIsTakenForItsEnd() {
    bench.topic("T", 1);
    bench.message("T", 0, Map.of());

    assertThat(commit(100).code()).isZero();
    assertThat(queryOffset(Map.of()).fields().requiredLong("offset")).isEqualTo(1);
    assertThat(commit(-1).code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
  }

  @Test
  void groupWithoutAnOffsetStartsAtTheBeginningUnlessItAsksToKnow() {
    bench.topic("T", 1);

    assertThat(queryOffset(Map.of()).fields().requiredLong("offset")).isZero();
    assertThat(queryOffset(Map.of("setZeroIfNotFound", "false")).code())
        .isEqualTo(ResponseCode.QUERY_NOT_FOUND);
  }

  @Test
  void queuesEndsAndTimesAreTold() {
    bench.topic("T", 1);
    assertThat(queueNumber(RequestCode.GET_EARLIEST_MSG_STORETIME, "timestamp", Map.of()))
        .isEqualTo(-1);
    for (int i = 0; i < 5; i++) {
      bench.nowMillis = 2_000_000 + 10L * i;
      bench.message("T", 0, Map.of());
    }
    assertThat(queueNumber(RequestCode.GET_MIN_OFFSET, "offset", Map.of())).isZero();
    assertThat(queueNumber(RequestCode.GET_MAX_OFFSET, "offset", Map.of())).isEqualTo(5);
    assertThat(queueNumber(RequestCode.GET_EARLIEST_MSG_STORETIME, "timestamp", Map.of()))
        .isEqualTo(2_000_000);
    assertThat(search(0, "LOWER")).isZero();
    assertThat(search(2_000_015, "LOWER")).isEqualTo(2);
    assertThat(search(2_000_020, "LOWER")).isEqualTo(2);
    assertThat(search(2_000_025, "UPPER")).isEqualTo(2);
    assertThat(search(2_000_020, "UPPER")).isEqualTo(2);
    assertThat(search(9_000_000, "LOWER")).isEqualTo(5);
  }

  private long search(long timestampMillis, String boundary) {
    return queueNumber(
        RequestCode.SEARCH_OFFSET_BY_TIMESTAMP,
        "offset",
        Map.of("timestamp", timestampMillis, "boundaryType", boundary));
  }

  private long queueNumber(int code, String field, Map<String, Object> more) {
    Map<String, Object> fields = new HashMap<>(Map.of("topic", "T", "queueId", 0));
    fields.putAll(more);
    return bench.call(first, code, fields).fields().requiredLong(field);
  }

  @Test
  void queuesAreLockedForOneClientOfAGroup() {
    String body =
        """
        {"clientId":"%s","consumerGroup":"G","mqSet":[
        {"brokerName":"broker-a","queueId":0,"topic":"T"}]}""";

    assertThat(lock(body.formatted("a"))).hasSize(1);
    assertThat(lock(body.formatted("b"))).isEmpty();
    withBody(first, RequestCode.UNLOCK_BATCH_MQ, body.formatted("a"));
    assertThat(lock(body.formatted("b"))).hasSize(1);
  }

  private List<?> lock(String json) {
    Command answer = withBody(first, RequestCode.LOCK_BATCH_MQ, json).answer();
    return JsonBodies.read(answer.body(), LockedQueuesBody.class).queues();
  }

  @Test
  void topicsAreCreatedChangedShownAndDeleted() {
    assertThat(setTopic("T", 4).code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(setTopic("T", 6).code()).isEqualTo(ResponseCode.SUCCESS);
    Command shown = bench.call(first, RequestCode.GET_TOPIC_CONFIG, Map.of("topic", "T"));
    assertThat(Bench.text(shown.body()))
        .isEqualTo(
            "{\"attributes\":{},\"order\":false,\"perm\":6,\"readQueueNums\":6,"
                + "\"topicFilterType\":\"SINGLE_TAG\",\"topicName\":\"T\",\"topicSysFlag\":0,"
                + "\"writeQueueNums\":6}");
    assertThat(
            bench
                .call(first, RequestCode.GET_ALL_TOPIC_CONFIG, Map.of())
                .fields()
                .requiredInt("totalTopicNum"))
        .isEqualTo(1);

    bench.call(first, RequestCode.DELETE_TOPIC_IN_BROKER, Map.of("topic", "T"));

    assertThat(bench.topics.find("T")).isEmpty();
    assertThat(bench.call(first, RequestCode.GET_TOPIC_CONFIG, Map.of("topic", "T")).code())
        .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void topicsThatMayNotBeAreRefused() {
    assertThat(setTopic("a b", 1).code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(setTopic("RMQ_SYS_TRANS_HALF_TOPIC", 1).code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(setTopic("T", 0).code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    bench.topic("busy", 1);
    assertThat(
            bench.call(first, RequestCode.DELETE_TOPIC_IN_BROKER, Map.of("topic", "busy")).code())
        .isEqualTo(ResponseCode.ILLEGAL_OPERATION);
  }

  private Command setTopic(String name, int queues) {
    return bench.call(
        first,
        RequestCode.UPDATE_AND_CREATE_TOPIC,
        Map.of("topic", name, "readQueueNums", queues, "writeQueueNums", queues, "perm", 6));
  }

  @Test
  void configurationAndStateAreShown() {
    Command config = bench.call(first, RequestCode.GET_BROKER_CONFIG, Map.of());
    assertThat(Bench.text(config.body())).contains("brokerName=broker-a\n");
    Command runtime = bench.call(first, RequestCode.GET_BROKER_RUNTIME_INFO, Map.of());
    assertThat(Bench.text(runtime.body())).contains("\"bootTimestamp\":\"1000000\"");
  }

  @Test
  void toolSeesTrafficAndLatenciesUnderRocketMqsNames() {
    bench.topic("T", 1);
    bench.traffic.begin();
    bench.message("T", 0, Map.of());
    bench.message("T", 0, Map.of());
    bench.traffic.went("G", "T", 1, 100);
    for (int millis : new int[] {1, 20, 20, 700, 20_000}) {
      bench.latency.record(millis * 1_000_000L);
    }

    String table =
        Bench.text(bench.call(first, RequestCode.GET_BROKER_RUNTIME_INFO, Map.of()).body());

    assertThat(table)
        .contains(
            "\"msgPutTotalTodayNow\":\"2\"",
            "\"msgGetTotalTodayNow\":\"1\"",
            "\"getMessageSizeTotal\":\"100\"",
            "\"putTps\":\"0.0 0.0 0.0\"",
            "\"commitLogMinOffset\":\"0\"",
            "\"putMessageEntireTimeMax\":\"20000\"",
            "[0~10ms]:1 [10~50ms]:2 [50~100ms]:0",
            "[200~500ms]:0 [500ms~1s]:1 [1~2s]:0",
            "[5~10s]:0 [10s~]:1");
  }
}
