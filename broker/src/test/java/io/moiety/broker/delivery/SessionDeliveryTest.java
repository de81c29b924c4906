package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.CONNECTION;
import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delivery.DeliveryFixture.Answer;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.PropertyNames;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SessionDeliveryTest {
  private final DeliveryFixture fixture = new DeliveryFixture();
  private final Sessions sessions = fixture.deliveries.sessions();
  private final long session = fixture.openSession();

  @Test
  void receivesInOrderAndAnswersNothingWhenThereIsNoMore() {
    fixture.send(QUEUE, "a", "b", "c");
    assertThat(fixture.receiver(session, 1).max(2).receive().bodies()).containsExactly("a", "b");
    assertThat(fixture.receiver(session, 1).receive().bodies()).containsExactly("c");
    assertThat(fixture.receiver(session, 1).receive().isNothing()).isTrue();
  }

  @Test
  void deliversNothingThatIsNotServed() {
    fixture.append(QUEUE, "a");
    Answer answer = fixture.receiver(session, 1).waiting(1_000).receive();
    assertThat(answer.isWaiting()).isTrue();
    fixture.serve();
    assertThat(answer.bodies()).containsExactly("a");
  }

  @Test
  void answersAWaitingReceiveWithNothingAtItsDeadline() {
    Answer answer = fixture.receiver(session, 1).waiting(1_000).receive();
    fixture.pass(999);
    assertThat(answer.isWaiting()).isTrue();
    fixture.pass(1);
    assertThat(answer.isNothing()).isTrue();
    fixture.send(QUEUE, "a");
    assertThat(answer.isNothing()).isTrue();
  }

  @Test
  void servesThoseWhoWaitInTheOrderTheyCame() {
    Answer first = fixture.receiver(session, 1).max(1).waiting(1_000).receive();
    Answer second = fixture.receiver(session, 2).max(1).waiting(1_000).receive();
    fixture.send(QUEUE, "a");
    assertThat(first.bodies()).containsExactly("a");
    assertThat(second.isWaiting()).isTrue();
    fixture.send(QUEUE, "b");
    assertThat(second.bodies()).containsExactly("b");
  }

  @Test
  void refusesASecondReceiveOfAConsumerThatWaits() {
    fixture.receiver(session, 1).waiting(1_000).receive();
    Refusal refusal = fixture.receiver(session, 1).waiting(1_000).receive().refusal();
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.IN_USE);
  }

  @Test
  void letsOneMessageThroughThatIsLargerThanAskedFor() {
    fixture.send(QUEUE, "a".repeat(1_000), "b");
    assertThat(fixture.receiver(session, 1).maxBytes(10).receive().delivered()).hasSize(1);
  }

  @Test
  void recoveredMessagesComeFirstInOrderAndCounted() {
    fixture.send(QUEUE, "a", "b", "c");
    fixture.receiver(session, 1).max(2).receive();
    assertThat(sessions.recover(CONNECTION, session)).isEmpty();
    Answer again = fixture.receiver(session, 1).receive();
    assertThat(again.bodies()).containsExactly("a", "b", "c");
    assertThat(again.counts()).containsExactly(2, 2, 1);
  }

  @Test
  void countSurvivesAReplay() {
    fixture.send(QUEUE, "a");
    fixture.receiver(session, 1).receive();
    sessions.recover(CONNECTION, session);
    assertThat(fixture.replayed().ledger(new LedgerKey(QUEUE, QUEUE, 0)).count(0)).isEqualTo(1);
  }

  @Test
  void messagesFetchedAheadGoBackUncounted() {
    fixture.send(QUEUE, "a", "b");
    fixture.receiver(session, 1).ahead().receive();
    sessions.handedOver(CONNECTION, session, 1, List.of(new QueueOffset(0, 0)));
    assertThat(sessions.releaseAll(CONNECTION, session, 1)).isEmpty();
    Answer other = fixture.receiver(fixture.openSession(), 1).receive();
    assertThat(other.bodies()).containsExactly("b");
    assertThat(other.counts()).containsExactly(1);
    sessions.recover(CONNECTION, session);
    assertThat(fixture.receiver(session, 1).receive().counts()).containsExactly(2);
  }

  @Test
  void releaseKeepsWhatWasHandedOver() {
    fixture.send(QUEUE, "a", "b");
    fixture.receiver(session, 1).ahead().receive();
    sessions.handedOver(CONNECTION, session, 1, List.of(new QueueOffset(0, 0)));
    sessions.release(CONNECTION, session, 1, List.of(new QueueOffset(0, 0), new QueueOffset(0, 1)));
    assertThat(fixture.receiver(session, 2).receive().bodies()).containsExactly("b");
    fixture.acknowledge(session, 1, 0);
  }

  @Test
  void aClosedConsumersMessagesStayTheSessionsWhenTheyWereHandedOver() {
    fixture.send(QUEUE, "a", "b");
    fixture.receiver(session, 1).max(1).receive();
    fixture.receiver(session, 1).max(1).ahead().receive();
    Answer waiting = fixture.receiver(session, 1).waiting(1_000).receive();
    assertThat(sessions.closeConsumer(CONNECTION, session, 1)).isEmpty();
    assertThat(waiting.isNothing()).isTrue();
    assertThat(fixture.receiver(session, 2).receive().bodies()).containsExactly("b");
    assertThat(fixture.receiver(session, 1).receive().refusal().reason())
        .isEqualTo(Refusal.Reason.INVALID);
    fixture.acknowledge(session, 1, 0);
  }

  @Test
  void acknowledgedMessagesNeverComeAgain() {
    fixture.send(QUEUE, "a", "b", "c");
    fixture.receiver(session, 1).receive();
    fixture.acknowledge(session, 1, 0, 2);
    sessions.close(CONNECTION, session);
    assertThat(fixture.receiver(fixture.openSession(), 1).receive().bodies()).containsExactly("b");
    assertThat(fixture.replayed().classicOffset(QUEUE, QUEUE, 0)).hasValue(1);
  }

  @Test
  void acknowledgementsAreRefusedWholeWhenOneMessageIsNotTheSessions() {
    fixture.send(QUEUE, "a", "b");
    fixture.receiver(session, 1).receive();
    Outcome<Claim> outcome = fixture.claim(session, 1, 0, 1, 2);
    assertThat(((Outcome.Refused<Claim>) outcome).refusal().reason())
        .isEqualTo(Refusal.Reason.NOT_LEASED);
    fixture.acknowledge(session, 1, 0, 1);
    assertThat(((Outcome.Refused<Claim>) fixture.claim(session, 1, 0)).refusal().reason())
        .isEqualTo(Refusal.Reason.NOT_LEASED);
  }

  @Test
  void aSessionIsUnknownOnAnotherConnection() {
    Refusal refusal = fixture.receiver(session, 1).from(CONNECTION + 1).receive().refusal();
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNKNOWN_SESSION);
  }

  @Test
  void lateAcknowledgementsOfALostSessionAreRefused() {
    fixture.send(QUEUE, "a");
    fixture.receiver(session, 1).receive();
    Answer next = fixture.receiver(fixture.openSession(8), 1).from(8).waiting(60_000).receive();
    fixture.deliveries.connectionLost(CONNECTION);
    fixture.run();
    assertThat(next.bodies()).containsExactly("a");
    assertThat(next.counts()).containsExactly(2);
    assertThat(((Outcome.Refused<Claim>) fixture.claim(session, 1, 0)).refusal().reason())
        .isEqualTo(Refusal.Reason.UNKNOWN_SESSION);
  }

  @Test
  void aSilentConnectionLosesItsSessionsAndOneThatSpeaksDoesNot() {
    fixture.send(QUEUE, "a");
    fixture.receiver(session, 1).receive();
    long timeoutMillis = sessions.timeoutMillis();
    fixture.pass(timeoutMillis - 1);
    sessions.renewed(CONNECTION, fixture.nowMillis);
    fixture.pass(timeoutMillis - 1);
    assertThat(fixture.claim(session, 1, 0)).isInstanceOf(Outcome.Done.class);
    fixture.pass(1);
    assertThat(fixture.claim(session, 1, 0)).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aBranchHoldsItsMessagesUntilItIsDecided() {
    fixture.send(QUEUE, "a", "b");
    fixture.receiver(session, 1).receive();
    fixture.acknowledgeInBranch(session, 1, 42, 0);
    sessions.recover(CONNECTION, session);
    assertThat(fixture.receiver(session, 1).receive().bodies()).containsExactly("b");
    Answer waiting = fixture.receiver(session, 2).waiting(1_000).receive();
    fixture.holds.giveBack(new AckRange(QUEUE, QUEUE, 0, 0, 0), 42);
    fixture.run();
    assertThat(waiting.bodies()).containsExactly("a");
    assertThat(waiting.counts()).containsExactly(2);
    assertThat(fixture.replayed().state()).isEqualTo(fixture.ledgers.state());
  }

  @Test
  void aMessageDeliveredTooOftenGoesToTheDeadLettersInOneRecord() {
    fixture.send(
        QUEUE,
        "poison",
        Map.of(PropertyNames.UNIQUE_KEY, "ID1", "color", "red", "__MOIETY_SEQ", "1"));
    fixture.send(QUEUE, "good");
    for (int delivery = 1; delivery <= 3; delivery++) {
      Answer answer = fixture.receiver(session, 1).max(1).deadAfter(3).receive();
      assertThat(answer.bodies()).containsExactly("poison");
      assertThat(answer.counts()).containsExactly(delivery);
      sessions.recover(CONNECTION, session);
    }
    assertThat(fixture.receiver(session, 1).max(1).deadAfter(3).receive().bodies())
        .containsExactly("good");
    assertThat(fixture.deadLetters(QUEUE)).containsExactly("poison");
    assertThat(fixture.log.facts()).noneMatch(SystemRecord.Acknowledged.class::isInstance);
    assertThat(fixture.replayed().classicOffset(QUEUE, QUEUE, 0)).hasValue(1);
  }

  @Test
  void aDeadLetterTellsWhereItCameFromAndCarriesNoMarksOfTheOriginal() {
    fixture.send(
        QUEUE, "poison", Map.of(PropertyNames.UNIQUE_KEY, "ID1", "__MOIETY_SEQ", "1", "k", "v"));
    fixture.receiver(session, 1).receive();
    sessions.recover(CONNECTION, session);
    fixture.receiver(session, 1).deadAfter(1).receive();
    fixture.serve();
    Answer dead = fixture.receiver(session, 2).on("%DLQ%Q", "%DLQ%Q").receive();
    assertThat(dead.delivered().get(0).record().properties().asMap())
        .containsEntry(PropertyNames.DLQ_ORIGIN_TOPIC, QUEUE)
        .containsEntry(PropertyNames.DLQ_ORIGIN_MESSAGE_ID, "ID1")
        .containsEntry("JMSXDeliveryCount", "1")
        .containsEntry("k", "v")
        .doesNotContainKey("__MOIETY_SEQ");
  }

  @Test
  void expiredMessagesAreAcknowledgedAndNeverDelivered() {
    fixture.send(QUEUE, "old", Map.of(PropertyNames.JMS_EXPIRATION, "10500"));
    fixture.send(QUEUE, "new", Map.of(PropertyNames.JMS_EXPIRATION, "0"));
    fixture.pass(500);
    assertThat(fixture.receiver(session, 1).receive().bodies()).containsExactly("new");
    assertThat(fixture.replayed().classicOffset(QUEUE, QUEUE, 0)).hasValue(1);
  }

  @Test
  void consumersGoOnWhenTheLogTakesNothing() {
    fixture.send(QUEUE, "a");
    fixture.receiver(session, 1).receive();
    fixture.log.refuse();
    sessions.recover(CONNECTION, session);
    assertThat(fixture.receiver(session, 1).receive().bodies()).containsExactly("a");
  }

  @Test
  void refusesAGroupThatIsNoSubscriptionAndATopicThatIsNotThere() {
    assertThat(fixture.receiver(session, 1).on("sub", QUEUE).receive().refusal().reason())
        .isEqualTo(Refusal.Reason.UNKNOWN_GROUP);
    assertThat(fixture.receiver(session, 1).on("none", "none").receive().refusal().reason())
        .isEqualTo(Refusal.Reason.UNKNOWN_TOPIC);
    assertThat(
            fixture
                .receiver(session, 1)
                .on("SCHEDULE_TOPIC_XXXX", "SCHEDULE_TOPIC_XXXX")
                .receive()
                .refusal()
                .reason())
        .isEqualTo(Refusal.Reason.NOT_PERMITTED);
  }

  @Test
  void stopsAtTheBoundAboveAnUnacknowledgedMessageAndSaysSo() {
    DeliveryFixture small =
        new DeliveryFixture(new DeliveryLimits(30_000, 10, 10, 100, 1_000_000, 60_000, 100, 3, 10));
    long one = small.openSession();
    small.send(QUEUE, "a", "b", "c", "d");
    assertThat(small.receiver(one, 1).receive().bodies()).containsExactly("a", "b", "c");
    small.acknowledge(one, 1, 1, 2);
    Answer answer = small.receiver(one, 1).receive();
    assertThat(answer.stopped().orElseThrow().toString()).contains("message 0", "offset 3");
    Answer waiting = small.receiver(one, 1).waiting(1_000).receive();
    small.acknowledge(one, 1, 0);
    assertThat(waiting.bodies()).containsExactly("d");
  }

  @Test
  void refusesMoreMessagesThanASessionMayHave() {
    DeliveryFixture small =
        new DeliveryFixture(new DeliveryLimits(30_000, 10, 10, 100, 1_000_000, 60_000, 2, 100, 10));
    long one = small.openSession();
    small.send(QUEUE, "a", "b", "c");
    assertThat(small.receiver(one, 1).receive().bodies()).containsExactly("a", "b");
    assertThat(small.receiver(one, 1).receive().refusal().reason())
        .isEqualTo(Refusal.Reason.LIMIT_REACHED);
  }

  @Test
  void waitingReceivesOfADeletedTopicAreRefused() {
    Answer waiting = fixture.receiver(session, 1).waiting(1_000).receive();
    assertThat(fixture.deliveries.hasConsumers(QUEUE)).isTrue();
    fixture.log.record(new SystemRecord.TopicDeleted(QUEUE));
    fixture.run();
    assertThat(waiting.refusal().reason()).isEqualTo(Refusal.Reason.UNKNOWN_GROUP);
  }
}
