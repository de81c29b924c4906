package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.CONNECTION;
import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delivery.DeliveryFixture.Answer;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.TagFilter;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PopDeliveryTest {
  private static final String GROUP = "G";
  private static final long INVISIBLE_MILLIS = 1_000;

  private final DeliveryFixture fixture = new DeliveryFixture();
  private final Pops pops = fixture.deliveries.pops();
  private boolean fromEnd;
  private boolean inOrder;
  private Optional<String> attemptId = Optional.empty();

  @Test
  void anUnacknowledgedMessageComesBackCountedWhenItsTimeIsOver() {
    fixture.send(QUEUE, "a");
    assertThat(pop(0).counts()).containsExactly(1);
    fixture.pass(INVISIBLE_MILLIS - 1);
    assertThat(pop(0).isNothing()).isTrue();
    fixture.pass(1);
    assertThat(pop(0).counts()).containsExactly(2);
    assertThat(fixture.replayed().ledger(new LedgerKey(GROUP, QUEUE, 0)).count(0)).isEqualTo(1);
  }

  @Test
  void aWaitingPopGetsTheMessageWhoseTimeIsOver() {
    fixture.send(QUEUE, "a");
    pop(0);
    Answer waiting = pop(60_000);
    fixture.pass(INVISIBLE_MILLIS);
    assertThat(waiting.counts()).containsExactly(2);
  }

  @Test
  void anAcknowledgedMessageNeverComesBackAndMayBeAcknowledgedAgain() {
    fixture.send(QUEUE, "a");
    long popTime = pop(0).popTimeMillis;
    List<PutStatus> told = new ArrayList<>();
    assertThat(pops.acknowledge(List.of(handle(0, popTime)), told::add)).isEmpty();
    assertThat(told).isEmpty();
    fixture.serve();
    assertThat(told).containsExactly(PutStatus.PUT_OK);
    fixture.pass(INVISIBLE_MILLIS * 2);
    assertThat(pop(0).isNothing()).isTrue();
    assertThat(pops.acknowledge(List.of(handle(0, popTime)), told::add)).isEmpty();
    assertThat(told).hasSize(2);
  }

  @Test
  void aHandleThatIsLateIsRefusedAndTheOthersAreTaken() {
    fixture.send(QUEUE, "a", "b");
    long late = pop(0).popTimeMillis;
    fixture.pass(INVISIBLE_MILLIS);
    long present = pop(0).popTimeMillis;
    Optional<Refusal> refusal =
        pops.acknowledge(List.of(handle(0, present), handle(1, late)), outcome -> {});
    assertThat(refusal.orElseThrow().reason()).isEqualTo(Refusal.Reason.NOT_LEASED);
    fixture.pass(INVISIBLE_MILLIS);
    assertThat(pop(0).bodies()).containsExactly("b");
  }

  @Test
  void changingTheInvisibleTimeVoidsTheHandleAndMovesTheEnd() {
    fixture.send(QUEUE, "a");
    long popTime = pop(0).popTimeMillis;
    fixture.pass(500);
    assertThat(pops.changeInvisibleTime(handle(0, popTime), 5_000, false, fixture.nowMillis))
        .isEmpty();
    long changed = fixture.nowMillis;
    assertThat(pops.acknowledge(List.of(handle(0, popTime)), outcome -> {})).isPresent();
    fixture.pass(4_999);
    assertThat(pop(0).isNothing()).isTrue();
    assertThat(pops.acknowledge(List.of(handle(0, changed)), outcome -> {})).isEmpty();
    fixture.pass(10_000);
    assertThat(pop(0).isNothing()).isTrue();
  }

  @Test
  void refusesInvisibleTimesOutOfRange() {
    fixture.send(QUEUE, "a");
    long popTime = pop(0).popTimeMillis;
    assertThat(pops.changeInvisibleTime(handle(0, popTime), -1, false, fixture.nowMillis))
        .isPresent();
    assertThat(
            pops.changeInvisibleTime(handle(0, popTime), Long.MAX_VALUE, false, fixture.nowMillis))
        .isPresent();
  }

  @Test
  void afterAsManyRetriesAsTheGroupAllowsTheMessageIsADeadLetter() {
    fixture.send(QUEUE, "poison");
    for (int i = 1; i <= 1 + GroupConfig.DEFAULT_MAX_RETRIES; i++) {
      assertThat(pop(0).counts()).containsExactly(i);
      fixture.pass(INVISIBLE_MILLIS);
    }
    assertThat(pop(0).isNothing()).isTrue();
    assertThat(fixture.deadLetters(GROUP)).containsExactly("poison");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aGroupThatAllowsNoRetryGetsAMessageOnce(int maxRetries) {
    GroupConfig plain = GroupConfig.plain(GROUP);
    fixture.log.record(new SystemRecord.GroupSet(plain.with(maxRetries, plain.classic())));
    fixture.send(QUEUE, "poison");
    assertThat(pop(0).counts()).containsExactly(1);
    fixture.pass(INVISIBLE_MILLIS);
    assertThat(pop(0).isNothing()).isTrue();
    assertThat(fixture.deadLetters(GROUP)).containsExactly("poison");
  }

  @Test
  void aGroupWhoseNameCannotBeOneIsRefused() {
    Answer answer = new Answer();
    pops.pop(request("a,b", 0, MessageFilter.ALL), fixture.nowMillis, answer);
    assertThat(answer.refusal().reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(fixture.groups.find("a,b")).isEmpty();
  }

  @Test
  void aNewGroupMayBeginAtTheEndOfATopicThatHasLostMessages() {
    fixture.send(QUEUE, "gone", "old");
    fixture.log.forgetBefore(
        fixture.queues.find(QUEUE, 0).orElseThrow().find(1).orElseThrow().position());
    fromEnd = true;
    Answer waiting = pop(1_000);
    fixture.send(QUEUE, "new");
    assertThat(waiting.bodies()).containsExactly("new");
    assertThat(fixture.replayed().classicOffset(GROUP, QUEUE, 0)).hasValue(2);
  }

  @Test
  void aNewGroupBeginsAtTheFirstMessageOfAYoungTopicWhereverItWouldLikeTo() {
    fixture.send(QUEUE, "first");
    fromEnd = true;
    assertThat(pop(0).bodies()).containsExactly("first");
  }

  @Test
  void whatTheTagsOfAPopDoNotMatchTheGroupIsDoneWith() {
    fixture.send(QUEUE, "a", Map.of("TAGS", "A"));
    fixture.send(QUEUE, "b", Map.of("TAGS", "B"));
    long popTime = pop(0, TagFilter.parse("B")).popTimeMillis;
    assertThat(pops.acknowledge(List.of(handle(1, popTime)), outcome -> {})).isEmpty();
    fixture.serve();
    assertThat(fixture.replayed().classicOffset(GROUP, QUEUE, 0)).hasValue(2);
    assertThat(pop(0).isNothing()).isTrue();
  }

  @Test
  void aPopWithTagsTakesNothingFromTheOtherSubscribersOfASubscription() {
    fixture.subscribe(DeliveryFixture.durable("S", QUEUE));
    fixture.send(QUEUE, "a", Map.of("TAGS", "A"));
    Answer none = new Answer();
    pops.pop(request("S", 0, TagFilter.parse("B")), fixture.nowMillis, none);
    assertThat(none.isNothing()).isTrue();
    Answer popped = new Answer();
    pops.pop(request("S", 0, MessageFilter.ALL), fixture.nowMillis, popped);
    assertThat(popped.bodies()).containsExactly("a");
  }

  @Test
  void inOrderNothingOfAQueueIsPoppedUntilTheLastBatchIsAcknowledged() {
    inOrder = true;
    fixture.send(QUEUE, "a", "b");
    Answer first = pop(0);
    assertThat(first.bodies()).containsExactly("a", "b");
    fixture.send(QUEUE, "c");
    Answer waiting = pop(60_000);
    assertThat(waiting.isWaiting()).isTrue();
    pops.acknowledge(List.of(handle(0, first.popTimeMillis)), outcome -> {});
    fixture.serve();
    assertThat(waiting.isWaiting()).isTrue();
    pops.acknowledge(List.of(handle(1, first.popTimeMillis)), outcome -> {});
    fixture.serve();
    assertThat(waiting.bodies()).containsExactly("c");
  }

  @Test
  void inOrderWhatWasNotAcknowledgedInTimeComesBeforeWhatFollowsIt() {
    inOrder = true;
    fixture.send(QUEUE, "a", "b");
    long popTime = pop(0).popTimeMillis;
    fixture.send(QUEUE, "c");
    pops.acknowledge(List.of(handle(0, popTime)), outcome -> {});
    Answer waiting = pop(60_000);
    fixture.pass(INVISIBLE_MILLIS);
    assertThat(waiting.bodies()).containsExactly("b", "c");
    assertThat(waiting.counts()).containsExactly(2, 1);
  }

  @Test
  void aRepeatedAttemptGetsWhatItsLostAnswerHadUncounted() {
    inOrder = true;
    attemptId = Optional.of("attempt-1");
    fixture.send(QUEUE, "a", "b");
    long lost = pop(0).popTimeMillis;
    fixture.nowMillis += 10;
    Answer again = pop(0);
    assertThat(again.bodies()).containsExactly("a", "b");
    assertThat(again.counts()).containsExactly(1, 1);
    assertThat(pops.acknowledge(List.of(handle(0, lost)), outcome -> {})).isPresent();
    attemptId = Optional.of("attempt-2");
    assertThat(pop(0).isNothing()).isTrue();
  }

  @Test
  void aWaitingPopEndsWhenItsAttemptIsRepeated() {
    attemptId = Optional.of("attempt-1");
    Answer lost = pop(60_000);
    Answer again = pop(60_000);
    assertThat(lost.isNothing()).isTrue();
    attemptId = Optional.of("attempt-2");
    Answer other = pop(60_000);
    fixture.send(QUEUE, "a");
    assertThat(again.bodies()).containsExactly("a");
    assertThat(other.isWaiting()).isTrue();
  }

  @Test
  void aSuspendedDeliveryDoesNotCount() {
    fixture.send(QUEUE, "a");
    long popTime = pop(0).popTimeMillis;
    assertThat(pops.changeInvisibleTime(handle(0, popTime), 10, true, fixture.nowMillis)).isEmpty();
    fixture.pass(10);
    assertThat(pop(0).counts()).containsExactly(1);
  }

  @Test
  void aQueueThatTheTopicDoesNotHaveIsRefused() {
    Answer answer = new Answer();
    pops.pop(
        new PopRequest(
            CONNECTION,
            GROUP,
            QUEUE,
            1,
            32,
            INVISIBLE_MILLIS,
            0,
            false,
            MessageFilter.ALL,
            false,
            Optional.empty()),
        fixture.nowMillis,
        answer);
    assertThat(answer.refusal().text()).contains("queueId 1", "1 queues");
  }

  @Test
  void aQuestionIsAnsweredAsSoonAsThereIsSomethingAndTakesNothing() {
    Told waiting = ask(60_000);
    assertThat(waiting.answers).isEmpty();
    fixture.send(QUEUE, "a");
    assertThat(waiting.answers).containsExactly(true);
    assertThat(ask(0).answers).containsExactly(true);
    assertThat(pop(0).counts()).containsExactly(1);
    assertThat(ask(0).answers).containsExactly(false);
  }

  @Test
  void aQuestionEndsWithItsTimeOrItsConnection() {
    Told waiting = ask(1_000);
    fixture.pass(999);
    assertThat(waiting.answers).isEmpty();
    fixture.pass(1);
    assertThat(waiting.answers).containsExactly(false);
    Told lost = ask(1_000);
    fixture.deliveries.connectionLost(CONNECTION);
    assertThat(lost.answers).containsExactly(false);
    assertThat(fixture.deliveries.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aQuestionInOrderIsNotAnsweredWhileTheQueueIsSomebodys() {
    inOrder = true;
    fixture.send(QUEUE, "a");
    long popTime = pop(0).popTimeMillis;
    fixture.send(QUEUE, "b");
    assertThat(ask(0).answers).containsExactly(false);
    Told waiting = ask(60_000);
    pops.acknowledge(List.of(handle(0, popTime)), outcome -> {});
    fixture.serve();
    assertThat(waiting.answers).containsExactly(true);
  }

  @Test
  void tagsDecideWhichMessagesArePopped() {
    fixture.send(QUEUE, "a", Map.of("TAGS", "A"));
    fixture.send(QUEUE, "b", Map.of("TAGS", "B"));
    assertThat(pop(0, TagFilter.parse("B || C")).bodies()).containsExactly("b");
  }

  @Test
  void aWaitingPopEndsWithItsConnection() {
    Answer waiting = pop(60_000);
    fixture.deliveries.connectionLost(CONNECTION);
    assertThat(waiting.isNothing()).isTrue();
    assertThat(fixture.deliveries.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void sessionsAndPopsOfOneGroupShareTheLedger() {
    fixture.send(QUEUE, "a", "b");
    long session = fixture.openSession();
    assertThat(fixture.receiver(session, 1).max(1).receive().bodies()).containsExactly("a");
    Answer popped = new Answer();
    pops.pop(request(QUEUE, 0, MessageFilter.ALL), fixture.nowMillis, popped);
    assertThat(popped.bodies()).containsExactly("b");
  }

  private Told ask(long waitMillis) {
    Told told = new Told();
    fixture
        .deliveries
        .popQuestions()
        .ask(
            new PopQuestion(CONNECTION, GROUP, QUEUE, -1, waitMillis, inOrder, attemptId),
            fixture.nowMillis,
            told);
    return told;
  }

  /** What a question was answered. */
  private static final class Told implements PopNotice {
    private final List<Object> answers = new ArrayList<>();

    @Override
    public void told(boolean something) {
      answers.add(something);
    }

    @Override
    public void refused(Refusal refusal) {
      answers.add(refusal);
    }
  }

  private Answer pop(long waitMillis) {
    return pop(waitMillis, MessageFilter.ALL);
  }

  private Answer pop(long waitMillis, MessageFilter filter) {
    Answer answer = new Answer();
    pops.pop(request(GROUP, waitMillis, filter), fixture.nowMillis, answer);
    return answer;
  }

  private PopRequest request(String group, long waitMillis, MessageFilter filter) {
    return new PopRequest(
        CONNECTION,
        group,
        QUEUE,
        -1,
        32,
        INVISIBLE_MILLIS,
        waitMillis,
        fromEnd,
        filter,
        inOrder,
        attemptId);
  }

  private static PopHandle handle(long queueOffset, long popTimeMillis) {
    return new PopHandle(GROUP, QUEUE, 0, queueOffset, popTimeMillis);
  }
}
