package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Groups that RocketMQ's tools make, change, show and delete. */
final class GroupAdministrationTest {

  private final AdministrationBench admin = new AdministrationBench();

  @Test
  void aGroupIsSetShownAndKeepsWhatIsNotSaid() {
    String set =
        "{\"brokerId\":0,\"consumeBroadcastEnable\":false,\"consumeEnable\":false,"
            + "\"groupName\":\"New\",\"groupRetryPolicy\":{\"exponentialRetryPolicy\":"
            + "{\"initial\":5,\"max\":7,\"multiplier\":2},\"type\":\"EXPONENTIAL\"},"
            + "\"retryMaxTimes\":5,\"retryQueueNums\":2}";
    assertThat(admin.withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, set).code())
        .isEqualTo(ResponseCode.SUCCESS);

    GroupConfig group = admin.bench.groups.find("New").orElseThrow();
    assertThat(group.maxRetries()).isEqualTo(5);
    assertThat(group.classic().consumeEnabled()).isFalse();
    assertThat(group.classic().consumeTimeoutMinutes()).isEqualTo(15);
    String shown =
        Bench.text(
            admin.ask(RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG, Map.of("group", "New")).body());
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
        admin.ask(
            RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG, Map.of("groupSeq", 1, "maxGroupNum", 1));
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
      assertThat(admin.withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, body).code())
          .as(member)
          .isEqualTo(ResponseCode.INVALID_PARAMETER);
    }
    assertThat(admin.bench.groups.find("New")).isEmpty();
  }

  @Test
  void offsetsAndRequestModesOfAGroupThatIsNotThereGoWhenItIsDeleted() {
    admin.bench.store.record(
        new SystemRecord.OffsetsCommitted(
            List.of(new SystemRecord.CommittedOffset("H", "T", 0, 2))));
    admin.bench.store.record(new SystemRecord.RequestModeSet("H", "T", true, 0));
    assertThat(admin.bench.groups.find("H")).isEmpty();

    Command answer = admin.ask(RequestCode.DELETE_SUBSCRIPTIONGROUP, Map.of("groupName", "H"));

    assertThat(answer.code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.bench.offsets.find("H", new QueueKey("T", 0))).isEmpty();
    assertThat(admin.bench.requestModes.popShareQueues("H", "T")).isEmpty();
  }

  @Test
  void severalGroupsAreMadeTogetherOrNone() {
    String two =
        """
        {"groupConfigList":[{"groupName":"G1","retryMaxTimes":3},{"groupName":"G2"}]}""";
    assertThat(admin.withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST, two).code())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.bench.groups.find("G1").orElseThrow().maxRetries()).isEqualTo(3);
    assertThat(admin.bench.groups.find("G2")).isPresent();

    String bad =
        """
        {"groupConfigList":[{"groupName":"G3"},{"groupName":"G4","retryMaxTimes":-7}]}""";
    assertThat(admin.withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST, bad).code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(admin.bench.groups.find("G3")).isEmpty();
  }
}
