package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What RocketMQ's tools ask about queues and how far groups have come in them. */
final class ProgressTest {

  private final AdministrationBench admin = new AdministrationBench();

  @Test
  void queuesOfATopicAreShownWithQueuesForKeysAsRocketMqsToolsReadThem() {
    Command answer = admin.ask(RequestCode.GET_TOPIC_STATS_INFO, Map.of("topic", "T"));

    assertThat(Bench.text(answer.body()))
        .isEqualTo(
            "{\"offsetTable\":{{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"T\"}:"
                + "{\"lastUpdateTimestamp\":1003000,\"maxOffset\":3,\"minOffset\":0},"
                + "{\"brokerName\":\"broker-a\",\"queueId\":1,\"topic\":\"T\"}:"
                + "{\"lastUpdateTimestamp\":0,\"maxOffset\":0,\"minOffset\":0}},"
                + "\"topicPutTps\":0.0}");
    assertThat(admin.ask(RequestCode.GET_TOPIC_STATS_INFO, Map.of("topic", "N")).code())
        .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void progressTellsWhereAGroupIsWhatItWasGivenAndHowOldThatIs() {
    admin.commit(2);
    admin.pull(3, 0);

    Command answer = admin.ask(RequestCode.GET_CONSUME_STATS, Map.of("consumerGroup", "G"));

    assertThat(Bench.text(answer.body()))
        .contains(
            "{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"T\"}:"
                + "{\"brokerOffset\":3,\"consumerOffset\":2,\"lastTimestamp\":1002000,"
                + "\"pullOffset\":3}");
    Command all = admin.ask(RequestCode.GET_BROKER_CONSUME_STATS, Map.of("isOrder", false));
    assertThat(Bench.text(all.body()))
        .startsWith("{\"brokerAddr\":\"127.0.0.1:9876\",\"consumeStatsList\":[{\"G\":[{")
        .endsWith("\"totalDiff\":1,\"totalInflightDiff\":1}");
  }

  @Test
  void pullsOfGroupsWithoutAnOffsetAreNotRemembered() {
    QueueKey queue = new QueueKey("T", 0);
    admin.pull(1, 0);
    assertThat(admin.bench.positions.pulled("G", queue)).isEmpty();
    admin.commit(1);
    admin.pull(2, 0);
    assertThat(admin.bench.positions.pulled("G", queue)).hasValue(2);
  }

  @Test
  void topicsAndTheGroupsThatReadThemFindEachOther() {
    admin.commit(1);
    admin.ask(
        RequestCode.UPDATE_CONSUMER_OFFSET,
        Map.of("consumerGroup", "Other", "topic", "T", "queueId", 0, "commitOffset", 1));

    Command groups = admin.ask(RequestCode.QUERY_TOPIC_CONSUME_BY_WHO, Map.of("topic", "T"));
    assertThat(Bench.text(groups.body())).isEqualTo("{\"groupList\":[\"G\",\"Other\"]}");
    Command topics = admin.ask(RequestCode.QUERY_TOPICS_BY_CONSUMER, Map.of("group", "G"));
    assertThat(Bench.text(topics.body())).isEqualTo("{\"topicList\":[\"T\"]}");
  }

  @Test
  void countsOfATopicAndAGroupAreOfTheLastMinuteHourAndDay() {
    admin.bench.traffic.begin();
    admin.bench.message("T", 0, Map.of());
    admin.bench.traffic.went("G", "T", 3, 300);
    admin.bench.nowMillis += 10_000;

    assertThat(Bench.text(stats("TOPIC_PUT_NUMS", "T").body()))
        .contains("\"statsMinute\":{\"sum\":1,\"tps\":");
    assertThat(Bench.text(stats("GROUP_GET_NUMS", "T@G").body()))
        .contains("\"statsDay\":{\"sum\":3,\"tps\":");
    assertThat(stats("NO_SUCH", "T").remark()).isEqualTo("The stats <NO_SUCH> <T> not exist");
  }

  private Command stats(String name, String key) {
    return admin.ask(
        RequestCode.VIEW_BROKER_STATS_DATA, Map.of("statsName", name, "statsKey", key));
  }

  /** The group is on topics with so many queues in all. */
  private void onTopics(int topics, int queuesOfEach) {
    for (int topic = 0; topic < topics; topic++) {
      admin.bench.topic("Many" + topic, queuesOfEach);
      admin.ask(
          RequestCode.UPDATE_CONSUMER_OFFSET,
          Map.of("consumerGroup", "H", "topic", "Many" + topic, "queueId", 0, "commitOffset", 0));
    }
  }

  @Test
  void progressInManyQueuesIsLookedAtInPiecesAndToldWhole() {
    onTopics(3, ProgressHandlers.ROWS_PER_LOOK);
    String table =
        Bench.text(admin.ask(RequestCode.GET_CONSUME_STATS, Map.of("consumerGroup", "H")).body());
    assertThat(table.split("\"brokerOffset\"", -1)).hasSize(1 + 3 * ProgressHandlers.ROWS_PER_LOOK);
    assertThat(table).contains("Many0", "Many1", "Many2");
  }

  @Test
  void progressInTooManyQueuesIsToldTopicByTopicOnly() {
    onTopics(11, 1_000);
    for (Command refused :
        new Command[] {
          admin.ask(RequestCode.GET_CONSUME_STATS, Map.of("consumerGroup", "H")),
          admin.ask(RequestCode.GET_BROKER_CONSUME_STATS, Map.of()),
          admin.ask(RequestCode.CLONE_GROUP_OFFSET, Map.of("srcGroup", "H", "destGroup", "G"))
        }) {
      assertThat(refused.code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
      assertThat(refused.remark()).contains("more than 10000 queues");
    }
    Command one =
        admin.ask(RequestCode.GET_CONSUME_STATS, Map.of("consumerGroup", "H", "topic", "Many3"));
    assertThat(one.code()).isEqualTo(ResponseCode.SUCCESS);
  }
}
