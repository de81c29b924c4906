package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.Language;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What RocketMQ's tools ask about groups, queues and clients, and what they change. */
final class AdministrationTest {

  private final Bench bench = new Bench();
  private final ScriptedConnection client = new ScriptedConnection(1);
  private final ScriptedConnection tool = new ScriptedConnection(2);

  @BeforeEach
  void aTopicWithMessagesAndAGroup() {
    bench.topic("T", 2);
    for (int i = 0; i < 3; i++) {
      bench.nowMillis += 1_000;
      bench.message("T", 0, Map.of("TAGS", "A"));
    }
    heartbeat("c1");
  }

  private void heartbeat(String clientId) {
    String body =
        """
        {"clientID":"%s","producerDataSet":[{"groupName":"PG"}],"consumerDataSet":[
        {"groupName":"G","consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING",
        "consumeFromWhere":"CONSUME_FROM_FIRST_OFFSET","subscriptionDataSet":[
        {"topic":"T","subString":"A || B","tagsSet":["A"],"codeSet":[65],"subVersion":7}]}]}"""
            .formatted(clientId);
    Command request =
        Command.request(
            RequestCode.HEART_BEAT, Fields.empty(), ByteBuffer.wrap(body.getBytes(UTF_8)));
    Command fromGo =
        new Command(
            request.code(),
            1,
            0,
            Language.GO,
            401,
            request.format(),
            null,
            request.fields(),
            request.body());
    assertThat(bench.send(client, fromGo).answer().code()).isEqualTo(ResponseCode.SUCCESS);
  }

  private Command withBody(int code, String json) {
    return bench
        .send(tool, Command.request(code, Fields.empty(), ByteBuffer.wrap(json.getBytes(UTF_8))))
        .answer();
  }

  private RecordedReply pull(long queueOffset, int suspendMillis) {
    return bench.send(
        client,
        Command.request(
            RequestCode.PULL_MESSAGE,
            Bench.fields(
                Map.of(
                    "consumerGroup",
                    "G",
                    "topic",
                    "T",
                    "queueId",
                    0,
                    "queueOffset",
                    queueOffset,
                    "maxMsgNums",
                    32,
                    "sysFlag",
                    suspendMillis > 0 ? 2 : 0,
                    "commitOffset",
                    0,
                    "suspendTimeoutMillis",
                    suspendMillis))));
  }

  private void commit(long nextOffset) {
    bench.call(
        client,
        RequestCode.UPDATE_CONSUMER_OFFSET,
        Map.of("consumerGroup", "G", "topic", "T", "queueId", 0, "commitOffset", nextOffset));
  }

  private long offset() {
    return bench
        .call(
            client,
            RequestCode.QUERY_CONSUMER_OFFSET,
            Map.of("consumerGroup", "G", "topic", "T", "queueId", 0))
        .fields()
        .requiredLong("offset");
  }

  private Command reset(long timestamp) {
    return bench.call(
        tool,
        RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
        Map.of("group", "G", "topic", "T", "timestamp", timestamp, "isForce", true));
  }

  @Test
  void queuesOfATopicAreShownWithQueuesForKeysAsRocketMqsToolsReadThem() {
    Command answer = bench.call(tool, RequestCode.GET_TOPIC_STATS_INFO, Map.of("topic", "T"));

    assertThat(Bench.text(answer.body()))
        .isEqualTo(
            "{\"offsetTable\":{{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"T\"}:"
                + "{\"lastUpdateTimestamp\":1003000,\"maxOffset\":3,\"minOffset\":0},"
                + "{\"brokerName\":\"broker-a\",\"queueId\":1,\"topic\":\"T\"}:"
                + "{\"lastUpdateTimestamp\":0,\"maxOffset\":0,\"minOffset\":0}},"
                + "\"topicPutTps\":0.0}");
    assertThat(bench.call(tool, RequestCode.GET_TOPIC_STATS_INFO, Map.of("topic", "N")).code())
        .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void progressTellsWhereAGroupIsWhatItWasGivenAndHowOldThatIs() {
    commit(2);
    pull(3, 0);

    Command answer = bench.call(tool, RequestCode.GET_CONSUME_STATS, Map.of("consumerGroup", "G"));

    assertThat(Bench.text(answer.body()))
        .contains(
            "{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"T\"}:"
                + "{\"brokerOffset\":3,\"consumerOffset\":2,\"lastTimestamp\":1002000,"
                + "\"pullOffset\":3}");
    Command all = bench.call(tool, RequestCode.GET_BROKER_CONSUME_STATS, Map.of("isOrder", false));
    assertThat(Bench.text(all.body()))
        .startsWith("{\"brokerAddr\":\"127.0.0.1:9876\",\"consumeStatsList\":[{\"G\":[{")
        .endsWith("\"totalDiff\":1,\"totalInflightDiff\":1}");
  }

  @Test
  void topicsAndTheGroupsThatReadThemFindEachOther() {
    commit(1);
    bench.call(
        tool,
        RequestCode.UPDATE_CONSUMER_OFFSET,
        Map.of("consumerGroup", "Other", "topic", "T", "queueId", 0, "commitOffset", 1));

    Command groups = bench.call(tool, RequestCode.QUERY_TOPIC_CONSUME_BY_WHO, Map.of("topic", "T"));
    assertThat(Bench.text(groups.body())).isEqualTo("{\"groupList\":[\"G\",\"Other\"]}");
    Command topics = bench.call(tool, RequestCode.QUERY_TOPICS_BY_CONSUMER, Map.of("group", "G"));
    assertThat(Bench.text(topics.body())).isEqualTo("{\"topicList\":[\"T\"]}");
  }

  @Test
  void membersOfGroupsAreShownWithWhatTheyRunAndWant() {
    Command consumers =
        bench.call(tool, RequestCode.GET_CONSUMER_CONNECTION_LIST, Map.of("consumerGroup", "G"));
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
        bench.call(tool, RequestCode.GET_PRODUCER_CONNECTION_LIST, Map.of("producerGroup", "PG"));
    assertThat(Bench.text(producers.body()))
        .isEqualTo(
            "{\"connectionSet\":[{\"clientAddr\":\"127.0.0.1:40001\",\"clientId\":\"c1\","
                + "\"language\":\"GO\",\"version\":401}]}");
    assertThat(Bench.text(bench.call(tool, RequestCode.GET_ALL_PRODUCER_INFO, Map.of()).body()))
        .startsWith("{\"data\":{\"PG\":[{\"clientId\":\"c1\",\"language\":\"GO\"");

    assertThat(
            bench
                .call(
                    tool,
                    RequestCode.GET_CONSUMER_CONNECTION_LIST,
                    Map.of("consumerGroup", "nobody"))
                .code())
        .isEqualTo(ResponseCode.CONSUMER_NOT_ONLINE);
  }

  @Test
  void aPullThatWaitsLearnsOfAResetAtOnce() {
    commit(3);
    RecordedReply waiting = pull(3, 15_000);
    assertThat(waiting.isAnswered()).isFalse();

    Command answer = reset(1_002_000);

    assertThat(Bench.text(answer.body()))
        .isEqualTo(
            "{\"offsetTable\":{{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"T\"}:1,"
                + "{\"brokerName\":\"broker-a\",\"queueId\":1,\"topic\":\"T\"}:0}}");
    assertThat(waiting.answer().code()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);
    assertThat(waiting.answer().remark()).isEqualTo("OFFSET_RESET");
    assertThat(waiting.answer().fields().requiredLong("nextBeginOffset")).isEqualTo(1);
    assertThat(offset()).isEqualTo(1);
  }

  @Test
  void untilAMemberKnowsOfAResetItsReportsAreOfBeforeIt() {
    commit(3);
    reset(-2);
    assertThat(offset()).isEqualTo(3);
    reset(0);
    commit(3);
    assertThat(offset()).isZero();

    assertThat(pull(3, 0).answer().code()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);

    commit(2);
    assertThat(offset()).isEqualTo(2);
    assertThat(pull(2, 0).answer().code()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void aMemberThatBeginsWhereItsGroupWasPutIsNotPutThereAgain() {
    reset(0);
    assertThat(pull(0, 0).answer().code()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void aResetIsForgottenWithItsGroup() {
    commit(3);
    reset(0);
    bench.call(tool, RequestCode.DELETE_SUBSCRIPTIONGROUP, Map.of("groupName", "G"));
    assertThat(bench.groups.find("G")).isEmpty();

    heartbeat("c1");
    assertThat(pull(3, 0).answer().code()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
  }

  @Test
  void offsetsAndRequestModesOfAGroupThatIsNotThereGoWhenItIsDeleted() {
    bench.store.record(
        new SystemRecord.OffsetsCommitted(
            List.of(new SystemRecord.CommittedOffset("H", "T", 0, 2))));
    bench.store.record(new SystemRecord.RequestModeSet("H", "T", true, 0));
    assertThat(bench.groups.find("H")).isEmpty();

    Command answer =
        bench.call(tool, RequestCode.DELETE_SUBSCRIPTIONGROUP, Map.of("groupName", "H"));

    assertThat(answer.code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(bench.offsets.find("H", new QueueKey("T", 0))).isEmpty();
    assertThat(bench.requestModes.popShareQueues("H", "T")).isEmpty();
  }

  @Test
  void aResetToAnOffsetMustLieInTheQueue() {
    Map<String, Object> fields =
        Map.of("group", "G", "topic", "T", "timestamp", -1, "queueId", 0, "offset", 9);
    Command answer = bench.call(tool, RequestCode.INVOKE_BROKER_TO_RESET_OFFSET, fields);
    assertThat(answer.code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(answer.remark()).contains("9", "[0-3]");

    bench.call(
        tool,
        RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
        Map.of("group", "G", "topic", "T", "timestamp", -1, "queueId", 0, "offset", 2));
    assertThat(offset()).isEqualTo(2);
  }

  @Test
  void nothingIsResetForAGroupOrTopicThatIsNotThere() {
    assertThat(
            bench
                .call(
                    tool,
                    RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
                    Map.of("group", "N", "topic", "T", "timestamp", 0))
                .code())
        .isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
    assertThat(
            bench
                .call(
                    tool,
                    RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
                    Map.of("group", "G", "topic", "N", "timestamp", 0))
                .code())
        .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void aGroupGoesOnWhereAnotherIs() {
    commit(2);
    withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, "{\"groupName\":\"Copy\"}");

    bench.call(
        tool,
        RequestCode.CLONE_GROUP_OFFSET,
        Map.of("srcGroup", "G", "destGroup", "Copy", "topic", "T"));

    assertThat(bench.offsets.find("Copy", new QueueKey("T", 0))).hasValue(2);
  }

  @Test
  void aGroupIsSetShownAndKeepsWhatIsNotSaid() {
    String set =
        "{\"brokerId\":0,\"consumeBroadcastEnable\":false,\"consumeEnable\":false,"
            + "\"groupName\":\"New\",\"groupRetryPolicy\":{\"exponentialRetryPolicy\":"
            + "{\"initial\":5,\"max\":7,\"multiplier\":2},\"type\":\"EXPONENTIAL\"},"
            + "\"retryMaxTimes\":5,\"retryQueueNums\":2}";
    assertThat(withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, set).code())
        .isEqualTo(ResponseCode.SUCCESS);

    GroupConfig group = bench.groups.find("New").orElseThrow();
    assertThat(group.maxDeliveries()).isEqualTo(5);
    assertThat(group.classic().consumeEnabled()).isFalse();
    assertThat(group.classic().consumeTimeoutMinutes()).isEqualTo(15);
    String shown =
        Bench.text(
            bench
                .call(tool, RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG, Map.of("group", "New"))
                .body());
    assertThat(shown)
        .isEqualTo(
            "{\"attributes\":{},\"brokerId\":0,\"consumeBroadcastEnable\":false,"
                + "\"consumeEnable\":false,\"consumeFromMinEnable\":true,"
                + "\"consumeMessageOrderly\":false,\"consumeTimeoutMinute\":15,"
                + "\"groupName\":\"New\",\"groupRetryPolicy\":{\"exponentialRetryPolicy\":"
                + "{\"initial\":5,\"max\":7,\"multiplier\":2},\"type\":\"EXPONENTIAL\"},"
                + "\"groupSysFlag\":0,\"notifyConsumerIdsChangedEnable\":true,"
                + "\"retryMaxTimes\":5,\"retryQueueNums\":2,\"whichBrokerWhenConsumeSlowly\":1}");
    Command page =
        bench.call(
            tool,
            RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
            Map.of("groupSeq", 1, "maxGroupNum", 1));
    assertThat(page.fields().requiredInt("totalGroupNum")).isEqualTo(2);
    assertThat(Bench.text(page.body())).contains(shown).doesNotContain("\"groupName\":\"G\"");
  }

  @Test
  void settingsOutOfRangeAndAttributesThatWouldBeForgottenAreRefused() {
    for (String member :
        new String[] {
          "\"retryQueueNums\":-1", "\"retryMaxTimes\":-2", "\"attributes\":{\"+a\":\"b\"}"
        }) {
      String body = "{\"groupName\":\"New\"," + member + "}";
      assertThat(withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, body).code())
          .as(member)
          .isEqualTo(ResponseCode.INVALID_PARAMETER);
    }
    assertThat(bench.groups.find("New")).isEmpty();
  }

  private RecordedReply runningInfo(String clientId) {
    return bench.send(
        tool,
        Command.request(
            RequestCode.GET_CONSUMER_RUNNING_INFO,
            Bench.fields(
                Map.of("consumerGroup", "G", "clientId", clientId, "jstackEnable", false))));
  }

  @Test
  void aQuestionToAConsumerGoesToItAndItsAnswerBack() {
    RecordedReply reply = runningInfo("c1");
    Command asked = client.calls().get(0);
    assertThat(asked.code()).isEqualTo(RequestCode.GET_CONSUMER_RUNNING_INFO);
    assertThat(asked.fields().requiredText("jstackEnable")).isEqualTo("false");
    assertThat(reply.isAnswered()).isFalse();

    client
        .answer()
        .answered(
            Command.response(
                asked, 0, "fine", Fields.empty(), ByteBuffer.wrap("{}".getBytes(UTF_8))));

    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(reply.answer().remark()).isEqualTo("fine");
    assertThat(Bench.text(reply.answer().body())).isEqualTo("{}");
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
    bench.send(tool, Command.request(RequestCode.GET_CONSUMER_RUNNING_INFO, Bench.fields(fields)));
    Map<String, Object> direct = new HashMap<>(fields);
    RecordView stored = bench.stored("T", 0, 1);
    direct.put("msgId", MessageIds.offsetMessageId(stored.storeHost(), stored.position()));
    bench.send(tool, Command.request(RequestCode.CONSUME_MESSAGE_DIRECTLY, Bench.fields(direct)));

    assertThat(client.calls()).hasSize(2);
    for (Command asked : client.calls()) {
      assertThat(asked.fields().asMap())
          .containsEntry("clientId", "c1")
          .doesNotContainKeys("AccessKey", "Signature", "SecurityToken");
    }
  }

  @Test
  void severalTopicsAreMadeTogetherOrNone() {
    String topic =
        "{\"topicName\":\"%s\",\"readQueueNums\":%d,\"writeQueueNums\":%d,\"perm\":6,"
            + "\"topicFilterType\":\"SINGLE_TAG\",\"order\":false,\"attributes\":{}}";
    String two =
        "{\"topicConfigList\":["
            + topic.formatted("A1", 3, 3)
            + ","
            + topic.formatted("A2", 1, 2)
            + "]}";
    assertThat(withBody(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST, two).code())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(bench.topics.find("A1").orElseThrow().readQueues()).isEqualTo(3);
    assertThat(bench.topics.find("A2").orElseThrow().writeQueues()).isEqualTo(2);

    for (String bad :
        new String[] {
          topic.formatted("rmq_sys_x", 1, 1),
          topic.formatted("a b", 1, 1),
          topic.formatted("A4", 0, 1)
        }) {
      String list = "{\"topicConfigList\":[" + topic.formatted("A3", 1, 1) + "," + bad + "]}";
      assertThat(withBody(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST, list).code())
          .as(bad)
          .isEqualTo(ResponseCode.INVALID_PARAMETER);
    }
    assertThat(bench.topics.find("A3")).isEmpty();
  }

  @Test
  void severalGroupsAreMadeTogetherOrNone() {
    String two =
        """
        {"groupConfigList":[{"groupName":"G1","retryMaxTimes":3},{"groupName":"G2"}]}""";
    assertThat(withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST, two).code())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(bench.groups.find("G1").orElseThrow().maxDeliveries()).isEqualTo(3);
    assertThat(bench.groups.find("G2")).isPresent();

    String bad =
        """
        {"groupConfigList":[{"groupName":"G3"},{"groupName":"G4","retryMaxTimes":-7}]}""";
    assertThat(withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST, bad).code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(bench.groups.find("G3")).isEmpty();
  }

  @Test
  void theNameServersSettingsAreSaidToBeNone() {
    Command one =
        bench.call(
            tool, RequestCode.GET_KV_CONFIG, Map.of("namespace", "ORDER_TOPIC_CONFIG", "key", "T"));
    assertThat(one.code()).isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    assertThat(one.remark()).isEqualTo("No config item, Namespace: ORDER_TOPIC_CONFIG Key: T");
    assertThat(
            bench
                .call(
                    tool,
                    RequestCode.GET_KVLIST_BY_NAMESPACE,
                    Map.of("namespace", "ORDER_TOPIC_CONFIG"))
                .code())
        .isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    Command configuration = bench.call(tool, RequestCode.GET_NAMESRV_CONFIG, Map.of());
    assertThat(Bench.text(configuration.body())).contains("brokerName=broker-a\n");
  }

  @Test
  void theBrokersOwnTopicsAreTold() {
    bench.topic("RMQ_SYS_TRACE_TOPIC", 1);
    assertThat(
            Bench.text(
                bench.call(tool, RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER, Map.of()).body()))
        .isEqualTo("{\"topicList\":[\"RMQ_SYS_TRACE_TOPIC\"]}");
  }

  @Test
  void aConsumerThatIsNotThereDoesNotAnswerOrGoesIsToldOf() {
    assertThat(runningInfo("nobody").answer().code()).isEqualTo(ResponseCode.CONSUMER_NOT_ONLINE);
    RecordedReply late = runningInfo("c1");
    client.answer().late("late");
    assertThat(late.answer().code()).isEqualTo(ResponseCode.CONSUME_MSG_TIMEOUT);
    RecordedReply gone = runningInfo("c1");
    client.answer().gone();
    assertThat(gone.answer().code()).isEqualTo(ResponseCode.CONSUMER_NOT_ONLINE);
  }

  @Test
  void aMessageIsSentToAConsumerAsItIsStored() {
    RecordView stored = bench.stored("T", 0, 1);
    String id = MessageIds.offsetMessageId(stored.storeHost(), stored.position());
    RecordedReply reply =
        bench.send(
            tool,
            Command.request(
                RequestCode.CONSUME_MESSAGE_DIRECTLY,
                Bench.fields(
                    Map.of("consumerGroup", "G", "clientId", "c1", "msgId", id, "topic", "T"))));

    assertThat(reply.isAnswered()).isFalse();
    Command asked = client.calls().get(0);
    assertThat(asked.code()).isEqualTo(RequestCode.CONSUME_MESSAGE_DIRECTLY);
    assertThat(asked.fields().requiredText("brokerName")).isEqualTo("broker-a");
    assertThat(asked.body()).isEqualTo(stored.bytes());
  }

  @Test
  void aConfigurationThatCannotChangeNowIsRefusedByName() {
    assertThat(withBody(RequestCode.UPDATE_BROKER_CONFIG, "brokerName=broker-a\n").code())
        .isEqualTo(ResponseCode.SUCCESS);
    Command fixed = withBody(RequestCode.UPDATE_BROKER_CONFIG, "fileReservedTime=1\n");
    assertThat(fixed.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(fixed.remark()).contains("fileReservedTime is 72", "start it again");
    assertThat(withBody(RequestCode.UPDATE_BROKER_CONFIG, "x=1\n".repeat(20_000)).code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(withBody(RequestCode.UPDATE_BROKER_CONFIG, "noSuch=1\n").remark())
        .isEqualTo("noSuch is not a setting of this broker");
  }

  @Test
  void aBrokerWhoseWritesAreWipedHasNoQueuesForProducers() {
    Command wiped =
        bench.call(tool, RequestCode.WIPE_WRITE_PERM_OF_BROKER, Map.of("brokerName", "broker-a"));
    assertThat(wiped.fields().requiredInt("wipeTopicCount")).isEqualTo(bench.topics.size());
    assertThat(route()).contains("\"perm\":4");
    bench.call(tool, RequestCode.ADD_WRITE_PERM_OF_BROKER, Map.of("brokerName", "broker-a"));
    assertThat(route()).contains("\"perm\":6");
  }

  private String route() {
    return Bench.text(
        bench.call(client, RequestCode.GET_ROUTEINFO_BY_TOPIC, Map.of("topic", "T")).body());
  }

  @Test
  void countsOfATopicAndAGroupAreOfTheLastMinuteHourAndDay() {
    bench.traffic.begin();
    bench.message("T", 0, Map.of());
    bench.traffic.went("G", "T", 3, 300);
    bench.nowMillis += 10_000;

    assertThat(Bench.text(stats("TOPIC_PUT_NUMS", "T").body()))
        .contains("\"statsMinute\":{\"sum\":1,\"tps\":");
    assertThat(Bench.text(stats("GROUP_GET_NUMS", "T@G").body()))
        .contains("\"statsDay\":{\"sum\":3,\"tps\":");
    assertThat(stats("NO_SUCH", "T").remark()).isEqualTo("The stats <NO_SUCH> <T> not exist");
  }

  private Command stats(String name, String key) {
    return bench.call(
        tool, RequestCode.VIEW_BROKER_STATS_DATA, Map.of("statsName", name, "statsKey", key));
  }

  @Test
  void theRunningBrokerTellsOnlyWhatItKnows() {
    bench.firstPosition = bench.stored("T", 0, 0).position();
    bench.nowMillis = 1_000_000 + 90_061_000;
    String table =
        Bench.text(bench.call(tool, RequestCode.GET_BROKER_RUNTIME_INFO, Map.of()).body());

    assertThat(table)
        .contains(
            "\"runtime\":\"[ 1 days, 1 hours, 1 minutes, 1 seconds ]\"",
            "\"commitLogDirCapacity\":\"Total : 1000.0 GiB, Free : 250.0 GiB.\"",
            "\"commitLogDiskRatio\":\"0.75\"",
            "\"remainHowManyDataToFlush\":\"0 B\"",
            "\"sendThreadPoolQueueSize\":\"3\"",
            "\"pullThreadPoolQueueSize\":\"4\"",
            "\"pageCacheLockTimeMills\":\"0\"",
            "\"earliestMessageTimeStamp\":\"1001000\"",
            "\"brokerVersionDesc\":\"V5_5_0\"",
            "\"moietyVersion\":\"1.2.3\"")
        .doesNotContain("timerReadBehind", "getMissTps");
  }
}
