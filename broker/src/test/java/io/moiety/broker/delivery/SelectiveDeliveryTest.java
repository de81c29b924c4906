package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.CONNECTION;
import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.delivery.DeliveryFixture.Answer;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.NotFromClient;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SelectiveDeliveryTest {
  private static final String TOPIC = "news";

  private final DeliveryFixture fixture = new DeliveryFixture();
  private final Sessions sessions = fixture.deliveries.sessions();
  private final long session = fixture.openSession();

  @Test
  void messagesThatDoNotMatchStayForOthersInTheirPlace() {
    sendColors("red", "blue", "red");
    assertThat(receive(1, "color = 'blue'").bodies()).containsExactly("blue1");
    assertThat(receive(1, "color = 'blue'").isNothing()).isTrue();
    assertThat(fixture.receiver(session, 2).receive().bodies()).containsExactly("red0", "red2");
  }

  @Test
  void aRareSelectorDoesNotLookTwiceAtWhatItPassed() {
    Counting counting = new Counting("blue");
    sendColors("red", "red", "red");
    assertThat(fixture.receiver(session, 1).selecting(counting).receive().isNothing()).isTrue();
    assertThat(fixture.receiver(session, 1).selecting(counting).receive().isNothing()).isTrue();
    assertThat(counting.looks).hasValue(3);
    sendColors("blue");
    assertThat(fixture.receiver(session, 1).selecting(counting).receive().delivered()).hasSize(1);
    assertThat(counting.looks).hasValue(4);
  }

  @Test
  void aSelectorFindsWhatIsFarBehindOthersThatNobodyTakes() {
    DeliveryFixture small =
        new DeliveryFixture(new DeliveryLimits(30_000, 10, 10, 100, 1_000_000, 60_000, 100, 4, 10));
    long one = small.openSession();
    small.send(QUEUE, "red", "red", "red", "red", "red", "red", "red");
    small.send(QUEUE, "blue", Map.of("color", "blue"));
    assertThat(small.receiver(one, 1).selecting(new Counting("blue")).receive().bodies())
        .containsExactly("blue");
  }

  @Test
  void rareSelectorsLookAtEachMessageOnceHoweverManyThereAre() {
    int messages = 20_000;
    for (int i = 0; i < messages; i++) {
      String color = i % 1_000 == 7 ? "blue" : i % 1_000 == 8 ? "green" : "red";
      fixture.append(QUEUE, color + i, Map.of("color", color));
    }
    fixture.serve();
    Counting blue = new Counting("blue");
    Counting green = new Counting("green");
    for (int i = 0; i < messages / 1_000; i++) {
      assertThat(next(1, blue)).containsExactly("blue" + (1_000 * i + 7));
      assertThat(next(2, green)).containsExactly("green" + (1_000 * i + 8));
    }
    assertThat(blue.looks).hasValueLessThanOrEqualTo(messages);
    assertThat(green.looks).hasValueLessThanOrEqualTo(messages);
  }

  private List<String> next(int consumer, MessageFilter filter) {
    Answer answer = fixture.receiver(session, consumer).selecting(filter).max(1).receive();
    fixture.run();
    return answer.bodies();
  }

  @Test
  void looksAgainAtWhatWentBack() {
    sendColors("blue", "red", "blue");
    assertThat(receive(1, "color = 'blue'").bodies()).containsExactly("blue0", "blue2");
    sessions.recover(CONNECTION, session);
    assertThat(receive(1, "color = 'blue'").counts()).containsExactly(2, 2);
  }

  @Test
  void aMessageThatGoesBackWakesTheSelectorThatPassedItsPlace() {
    sendColors("blue", "red");
    receive(1, "color = 'blue'");
    Answer waiting =
        fixture
            .receiver(session, 2)
            .selecting(fixture.selector("color = 'blue'"))
            .waiting(1_000)
            .receive();
    sessions.recover(CONNECTION, session);
    fixture.run();
    assertThat(waiting.bodies()).containsExactly("blue0");
  }

  @Test
  void definiteAnswerComesAfterLookingAtEverythingInBoundedSteps() {
    String[] bodies = new String[2_500];
    java.util.Arrays.fill(bodies, "x");
    fixture.send(QUEUE, bodies);
    Counting counting = new Counting("blue");
    Answer answer = fixture.receiver(session, 1).selecting(counting).receive();
    assertThat(answer.isWaiting()).isTrue();
    assertThat(counting.looks).hasValue(1_000);
    assertThat(fixture.deliveries.nextDueMillis()).isZero();
    fixture.run();
    assertThat(answer.isNothing()).isTrue();
    assertThat(counting.looks).hasValue(2_500);
  }

  @Test
  void subscriptionPassesOverForGoodWhatItsSelectorDoesNotWant() {
    subscribe(Optional.of("color = 'blue'"), Optional.empty());
    sendTo(TOPIC, "red", "blue", "red");
    assertThat(fixture.receiver(session, 1).on("sub", TOPIC).receive().bodies())
        .containsExactly("blue1");
    fixture.acknowledge(session, 1, 1);
    assertThat(fixture.log.facts())
        .filteredOn(SystemRecord.Acknowledged.class::isInstance)
        .singleElement()
        .extracting(fact -> ((SystemRecord.Acknowledged) fact).ranges().size())
        .isEqualTo(3);
    assertThat(fixture.replayed().classicOffset("sub", TOPIC, 0)).hasValue(3);
  }

  @Test
  void whatWasPassedOverIsWrittenDownLaterWithoutAcknowledgements() {
    subscribe(Optional.of("color = 'blue'"), Optional.empty());
    sendTo(TOPIC, "red", "red");
    fixture.receiver(session, 1).on("sub", TOPIC).receive();
    assertThat(fixture.replayed().classicOffset("sub", TOPIC, 0)).isEmpty();
    fixture.pass(5_000);
    assertThat(fixture.log.facts())
        .contains(
            new SystemRecord.Acknowledged(java.util.List.of(new AckRange("sub", TOPIC, 0, 0, 1))));
  }

  @Test
  void whatALogThatTakesNothingDoesNotTakeIsWrittenDownAnotherTime() {
    subscribe(Optional.of("color = 'blue'"), Optional.empty());
    assertThat(receive(2, "color = 'blue'").isNothing()).isTrue();
    sendTo(TOPIC, "red");
    fixture.send(
        QUEUE, "late", Map.of(PropertyNames.JMS_EXPIRATION, Long.toString(fixture.nowMillis)));
    fixture.log.refuse();
    assertThat(fixture.receiver(session, 1).on("sub", TOPIC).receive().isNothing()).isTrue();
    assertThat(receive(2, "color = 'blue'").isNothing()).isTrue();
    fixture.pass(5_000);
    fixture.log.accept();
    fixture.pass(5_000);
    assertThat(fixture.replayed().classicOffset("sub", TOPIC, 0)).hasValue(1);
    assertThat(fixture.replayed().classicOffset(QUEUE, QUEUE, 0)).hasValue(1);
  }

  @Test
  void anAcknowledgementThatTheLogRefusedLosesNothingThatItWouldHaveWritten() {
    subscribe(Optional.of("color = 'blue'"), Optional.empty());
    sendTo(TOPIC, "red", "blue");
    fixture.receiver(session, 1).on("sub", TOPIC).receive();
    fixture.log.refuse();
    assertThatThrownBy(() -> fixture.acknowledge(session, 1, 1))
        .isInstanceOf(RuntimeException.class);
    fixture.log.accept();
    fixture.acknowledge(session, 1, 1);
    assertThat(fixture.replayed().classicOffset("sub", TOPIC, 0)).hasValue(2);
  }

  @Test
  void noLocalOfASubscriptionPassesOverItsOwnClientsMessages() {
    subscribe(Optional.empty(), Optional.of("me"));
    fixture.send(TOPIC, "mine", Map.of(PropertyNames.JMS_CLIENT_ID, "me"));
    fixture.send(TOPIC, "yours", Map.of(PropertyNames.JMS_CLIENT_ID, "you"));
    assertThat(fixture.receiver(session, 1).on("sub", TOPIC).receive().bodies())
        .containsExactly("yours");
  }

  @Test
  void noLocalOfARequestLeavesTheMessageForOthers() {
    fixture.send(QUEUE, "mine", Map.of(PropertyNames.JMS_CLIENT_ID, "me"));
    assertThat(
            fixture.receiver(session, 1).selecting(new NotFromClient("me")).receive().isNothing())
        .isTrue();
    assertThat(fixture.receiver(session, 2).receive().bodies()).containsExactly("mine");
  }

  private Answer receive(int consumer, String selector) {
    return fixture.receiver(session, consumer).selecting(fixture.selector(selector)).receive();
  }

  private void subscribe(Optional<String> selector, Optional<String> noLocal) {
    assertThat(
            fixture.subscribe(
                new SubscribeRequest(
                    CONNECTION, "sub", TOPIC, false, true, false, selector, noLocal)))
        .isEmpty();
  }

  private void sendColors(String... colors) {
    sendTo(QUEUE, colors);
  }

  private void sendTo(String topic, String... colors) {
    for (String color : colors) {
      long next = fixture.queues.nextOffset(topic, 0);
      fixture.send(topic, color + next, Map.of("color", color));
    }
  }

  /** Counts how often it is asked. */
  private static final class Counting implements MessageFilter {
    private final AtomicInteger looks = new AtomicInteger();
    private final String color;

    private Counting(String color) {
      this.color = color;
    }

    @Override
    public boolean matches(RecordView message) {
      looks.incrementAndGet();
      return message.property("color").filter(color::equals).isPresent();
    }
  }
}
