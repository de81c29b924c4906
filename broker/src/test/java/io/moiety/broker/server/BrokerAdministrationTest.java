package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What RocketMQ's tools ask of the broker itself, and what they may change of it. */
final class BrokerAdministrationTest {

  private final AdministrationBench admin = new AdministrationBench();

  @Test
  void aConfigurationThatCannotChangeNowIsRefusedByName() {
    assertThat(admin.withBody(RequestCode.UPDATE_BROKER_CONFIG, "brokerName=broker-a\n").code())
        .isEqualTo(ResponseCode.SUCCESS);
    Command fixed = admin.withBody(RequestCode.UPDATE_BROKER_CONFIG, "fileReservedTime=1\n");
    assertThat(fixed.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(fixed.remark()).contains("fileReservedTime is 72", "start it again");
    assertThat(admin.withBody(RequestCode.UPDATE_BROKER_CONFIG, "x=1\n".repeat(20_000)).code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(admin.withBody(RequestCode.UPDATE_BROKER_CONFIG, "noSuch=1\n").remark())
        .isEqualTo("noSuch is not a setting of this broker");
  }

  @Test
  void aBrokerWhoseWritesAreWipedHasNoQueuesForProducers() {
    Command wiped =
        admin.ask(RequestCode.WIPE_WRITE_PERM_OF_BROKER, Map.of("brokerName", "broker-a"));
    assertThat(wiped.fields().requiredInt("wipeTopicCount")).isEqualTo(admin.bench.topics.size());
    assertThat(route()).contains("\"perm\":4");
    admin.ask(RequestCode.ADD_WRITE_PERM_OF_BROKER, Map.of("brokerName", "broker-a"));
    assertThat(route()).contains("\"perm\":6");
  }

  @Test
  void theRunningBrokerTellsOnlyWhatItKnows() {
    admin.bench.firstPosition = admin.bench.stored("T", 0, 0).position();
    admin.bench.nowMillis = 1_000_000 + 90_061_000;
    String table = Bench.text(admin.ask(RequestCode.GET_BROKER_RUNTIME_INFO, Map.of()).body());

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

  private String route() {
    return Bench.text(
        admin
            .bench
            .call(admin.client, RequestCode.GET_ROUTEINFO_BY_TOPIC, Map.of("topic", "T"))
            .body());
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
    assertThat(admin.withBody(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST, two).code())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.bench.topics.find("A1").orElseThrow().readQueues()).isEqualTo(3);
    assertThat(admin.bench.topics.find("A2").orElseThrow().writeQueues()).isEqualTo(2);

    for (String bad :
        new String[] {
          topic.formatted("rmq_sys_x", 1, 1),
          topic.formatted("a b", 1, 1),
          topic.formatted("A4", 0, 1)
        }) {
      String list = "{\"topicConfigList\":[" + topic.formatted("A3", 1, 1) + "," + bad + "]}";
      assertThat(admin.withBody(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST, list).code())
          .as(bad)
          .isEqualTo(ResponseCode.INVALID_PARAMETER);
    }
    assertThat(admin.bench.topics.find("A3")).isEmpty();
  }

  @Test
  void theNameServersSettingsAreSaidToBeNone() {
    Command one =
        admin.ask(RequestCode.GET_KV_CONFIG, Map.of("namespace", "ORDER_TOPIC_CONFIG", "key", "T"));
    assertThat(one.code()).isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    assertThat(one.remark()).isEqualTo("No config item, Namespace: ORDER_TOPIC_CONFIG Key: T");
    assertThat(
            admin
                .ask(RequestCode.GET_KVLIST_BY_NAMESPACE, Map.of("namespace", "ORDER_TOPIC_CONFIG"))
                .code())
        .isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    Command configuration = admin.ask(RequestCode.GET_NAMESRV_CONFIG, Map.of());
    assertThat(Bench.text(configuration.body())).contains("brokerName=broker-a\n");
  }

  @Test
  void theBrokersOwnTopicsAreTold() {
    admin.bench.topic("RMQ_SYS_TRACE_TOPIC", 1);
    assertThat(
            Bench.text(admin.ask(RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER, Map.of()).body()))
        .isEqualTo("{\"topicList\":[\"RMQ_SYS_TRACE_TOPIC\"]}");
  }
}
