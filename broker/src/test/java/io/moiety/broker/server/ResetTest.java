package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Groups that are put elsewhere in their queues. */
final class ResetTest {

  private final AdministrationBench admin = new AdministrationBench();

  @Test
  void aPullThatWaitsLearnsOfAResetAtOnce() {
    admin.commit(3);
    RecordedReply waiting = admin.pull(3, 15_000);
    assertThat(waiting.isAnswered()).isFalse();

    Command answer = admin.reset(1_002_000);

    assertThat(Bench.text(answer.body()))
        .isEqualTo(
            "{\"offsetTable\":{{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"T\"}:1,"
                + "{\"brokerName\":\"broker-a\",\"queueId\":1,\"topic\":\"T\"}:0}}");
    assertThat(waiting.answer().code()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);
    assertThat(waiting.answer().remark()).isEqualTo("OFFSET_RESET");
    assertThat(waiting.answer().fields().requiredLong("nextBeginOffset")).isEqualTo(1);
    assertThat(admin.offset()).isEqualTo(1);
  }

  @Test
  void untilAMemberKnowsOfAResetItsReportsAreOfBeforeIt() {
    admin.commit(3);
    admin.reset(-2);
    assertThat(admin.offset()).isEqualTo(3);
    admin.reset(0);
    admin.commit(3);
    assertThat(admin.offset()).isZero();

    assertThat(admin.pull(3, 0).answer().code()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);

    admin.commit(2);
    assertThat(admin.offset()).isEqualTo(2);
    assertThat(admin.pull(2, 0).answer().code()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void aMemberThatBeginsWhereItsGroupWasPutIsNotPutThereAgain() {
    admin.reset(0);
    assertThat(admin.pull(0, 0).answer().code()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void aResetIsForgottenWithItsGroup() {
    admin.commit(3);
    admin.reset(0);
    admin.ask(RequestCode.DELETE_SUBSCRIPTIONGROUP, Map.of("groupName", "G"));
    assertThat(admin.bench.groups.find("G")).isEmpty();

    admin.heartbeat("c1");
    assertThat(admin.pull(3, 0).answer().code()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
  }

  @Test
  void aResetToAnOffsetMustLieInTheQueue() {
    Map<String, Object> fields =
        Map.of("group", "G", "topic", "T", "timestamp", -1, "queueId", 0, "offset", 9);
    Command answer = admin.ask(RequestCode.INVOKE_BROKER_TO_RESET_OFFSET, fields);
    assertThat(answer.code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(answer.remark()).contains("9", "[0-3]");

    admin.ask(
        RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
        Map.of("group", "G", "topic", "T", "timestamp", -1, "queueId", 0, "offset", 2));
    assertThat(admin.offset()).isEqualTo(2);
  }

  @Test
  void nothingIsResetForAGroupOrTopicThatIsNotThere() {
    assertThat(
            admin
                .ask(
                    RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
                    Map.of("group", "N", "topic", "T", "timestamp", 0))
                .code())
        .isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
    assertThat(
            admin
                .ask(
                    RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
                    Map.of("group", "G", "topic", "N", "timestamp", 0))
                .code())
        .isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  @Test
  void aGroupGoesOnWhereAnotherIs() {
    admin.commit(2);
    admin.withBody(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, "{\"groupName\":\"Copy\"}");

    admin.ask(
        RequestCode.CLONE_GROUP_OFFSET, Map.of("srcGroup", "G", "destGroup", "Copy", "topic", "T"));

    assertThat(admin.bench.offsets.find("Copy", new QueueKey("T", 0))).hasValue(2);
  }

  private void pop(long connectionId) {
    admin.bench.send(
        new ScriptedConnection(connectionId),
        Command.request(
            RequestCode.POP_MESSAGE,
            Bench.fields(
                Map.of(
                    "consumerGroup",
                    "G",
                    "topic",
                    "T",
                    "queueId",
                    -1,
                    "maxMsgNums",
                    32,
                    "invisibleTime",
                    60_000,
                    "pollTime",
                    0))));
  }

  @Test
  void aResetOfAGroupThatPopsIsForgottenWhenItPullsAgain() {
    pop(3);
    admin.reset(0);
    admin.bench.deliveries.connectionLost(3);
    assertThat(admin.pull(3, 0).answer().code()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
  }

  @Test
  void aResetOfAGroupThatPulledIsForgottenWhenItHasPopped() {
    admin.reset(0);
    pop(3);
    admin.bench.deliveries.connectionLost(3);
    assertThat(admin.pull(3, 0).answer().code()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
  }

  @Test
  void aPopThatIsRefusedKeepsNobodyFromHearingOfAReset() {
    admin.pull(3, 0);
    admin.reset(0);
    pop(3);
    assertThat(admin.pull(3, 0).answer().code()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);
  }

  @Test
  void aGroupThatIsDeletedWhileItsTimeIsLookedForIsNotReset() {
    RecordedReply reply = resetWhileSearching(this::deleteGroup);
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
    assertThat(admin.bench.offsets.find("G", new QueueKey("T", 0))).isEmpty();
  }

  private void deleteGroup() {
    admin.ask(RequestCode.DELETE_SUBSCRIPTIONGROUP, Map.of("groupName", "G"));
  }

  @Test
  void nothingIsKeptOfATopicThatIsDeletedWhileATimeIsLookedFor() {
    RecordedReply deleted = resetWhileSearching(() -> admin.bench.creation.delete("T"));
    assertThat(deleted.answer().code()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(admin.bench.offsets.topicsOf("G")).isEmpty();
  }

  @Test
  void aTopicThatIsMadeAnewWhileATimeIsLookedForIsNotResetBehindItsEnd() {
    RecordedReply reply =
        resetWhileSearching(
            () -> {
              admin.bench.creation.delete("T");
              admin.bench.topic("T", 2);
            });
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.bench.offsets.find("G", new QueueKey("T", 0))).hasValue(0);
  }

  private RecordedReply resetWhileSearching(Runnable meanwhile) {
    admin.bench.readers.hold();
    RecordedReply reply =
        admin.bench.send(
            admin.tool,
            Command.request(
                RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
                Bench.fields(Map.of("group", "G", "topic", "T", "timestamp", 1_002_500))));
    assertThat(reply.isAnswered()).isFalse();
    meanwhile.run();
    admin.bench.readers.readAll();
    return reply;
  }

  @Test
  void aResetThatTheLogDoesNotTakeChangesNothing() {
    admin.commit(3);
    admin.bench.store.refuse();
    assertThat(admin.reset(0).code()).isNotEqualTo(ResponseCode.SUCCESS);
    admin.bench.store.accept();
    assertThat(admin.offset()).isEqualTo(3);
    admin.commit(2);
    assertThat(admin.offset()).as("no member waits to be told").isEqualTo(2);
  }
}
