package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.CONNECTION;
import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delivery.DeliveryFixture.Answer;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A queue and a topic of Jakarta Messaging that have one name, and so one topic at the broker. */
final class NamesakeDeliveryTest {
  private static final String SUBSCRIPTION = "jms|d|client|name";
  private static final int MANY = 10_000;

  private final DeliveryFixture fixture = new DeliveryFixture();
  private final long session = fixture.openSession();

  @Test
  void queueAndSubscriptionEachGetTheirsAndBothWhatDoesNotSay() {
    fixture.subscribe(DeliveryFixture.durable(SUBSCRIPTION, QUEUE));
    sendToAll();
    assertThat(ofQueue().bodies()).containsExactly("to-queue", "to-temp-queue", "plain", "moved");
    assertThat(ofTopic().bodies()).containsExactly("to-topic", "plain", "moved");
  }

  @Test
  void namesThatTheBrokerWritesOtherwiseAreToldApartToo() {
    fixture.createTopic("a%20b", 1);
    fixture.send("a%20b", "to-topic", sentTo("topic://a b"));
    fixture.send("a%20b", "to-queue", sentTo("queue://a b"));
    assertThat(fixture.receiver(session, 1).on("a%20b", "a%20b").receive().bodies())
        .containsExactly("to-queue");
  }

  @Test
  void groupsOfRocketMqsClientsGetEverything() {
    sendToAll();
    assertThat(pop("G").bodies()).hasSize(5);
  }

  @Test
  void aGroupOfRocketMqThatBecomesTheQueuesGetsTheQueuesFromThenOn() {
    assertThat(pop(QUEUE).isNothing()).isTrue();
    assertThat(ofQueue().isNothing()).isTrue();
    sendToAll();
    assertThat(ofQueue().bodies()).containsExactly("to-queue", "to-temp-queue", "plain", "moved");
  }

  @Test
  void aSubscriptionWithANameOfRocketMqGetsEverything() {
    fixture.subscribe(DeliveryFixture.durable("billing", QUEUE));
    sendToAll();
    assertThat(fixture.receiver(session, 1).on("billing", QUEUE).receive().bodies()).hasSize(5);
  }

  @Test
  void selectorAndNoLocalOfASubscriptionStillHold() {
    fixture.subscribe(
        new SubscribeRequest(
            CONNECTION,
            SUBSCRIPTION,
            QUEUE,
            false,
            true,
            false,
            Optional.of("n = '1'"),
            Optional.of("me")));
    for (String destination : List.of("queue://Q", "topic://Q")) {
      fixture.send(QUEUE, "other", with(destination, "n", "2"));
      fixture.send(
          QUEUE,
          "mine",
          Map.of(
              PropertyNames.JMS_DESTINATION,
              destination,
              "n",
              "1",
              PropertyNames.JMS_CLIENT_ID,
              "me"));
      fixture.send(QUEUE, destination, with(destination, "n", "1"));
    }
    assertThat(ofTopic().bodies()).containsExactly("topic://Q");
  }

  @Test
  void manyOfTheTopicNeitherHoldUpTheQueueNorStayInItsBacklog() {
    appendToTopic();
    fixture.send(QUEUE, "first", sentTo("queue://Q"));
    appendToTopic();
    fixture.send(QUEUE, "last", sentTo("queue://Q"));
    Answer first = fixture.receiver(session, 1).max(1).waiting(1_000).receive();
    fixture.run();
    assertThat(first.bodies()).containsExactly("first");
    Answer last = fixture.receiver(session, 1).max(1).waiting(1_000).receive();
    fixture.run();
    assertThat(last.bodies()).containsExactly("last");
    Ledger ledger = fixture.ledgers.known(new LedgerKey(QUEUE, QUEUE, 0));
    assertThat(ledger.rememberedCount()).isLessThan(10);
    fixture.acknowledge(session, 1, MANY, 2L * MANY + 1);
    assertThat(ledger.rememberedCount()).isZero();
    assertThat(fixture.replayed().classicOffset(QUEUE, QUEUE, 0))
        .isEqualTo(OptionalLong.of(2L * MANY + 2));
  }

  @Test
  void whatOnlyTheTopicGetsIsSettledForTheQueueWithoutAnAcknowledgement() {
    appendToTopic();
    fixture.serve();
    Answer nothing = fixture.receiver(session, 1).receive();
    fixture.run();
    assertThat(nothing.isNothing()).isTrue();
    fixture.pass(5_000);
    assertThat(fixture.replayed().classicOffset(QUEUE, QUEUE, 0)).isEqualTo(OptionalLong.of(MANY));
  }

  @Test
  void nothingOfTheTopicBecomesADeadLetterOfTheQueue() {
    fixture.send(QUEUE, "to-topic", sentTo("topic://Q"));
    for (int i = 0; i < 3; i++) {
      assertThat(fixture.receiver(session, 1).deadAfter(1).receive().isNothing()).isTrue();
    }
    assertThat(fixture.deadLetters(QUEUE)).isEmpty();
  }

  @Test
  void aDeadLetterOfASubscriptionIsReceivedFromTheQueueOfItsDeadLetters() {
    fixture.subscribe(DeliveryFixture.durable(SUBSCRIPTION, QUEUE));
    fixture.send(QUEUE, "poison", sentTo("topic://Q"));
    assertThat(ofTopic().bodies()).containsExactly("poison");
    fixture.deliveries.sessions().recover(CONNECTION, session);
    assertThat(
            fixture.receiver(session, 2).on(SUBSCRIPTION, QUEUE).deadAfter(1).receive().isNothing())
        .isTrue();
    String dead = SystemTopics.deadLetterTopic(SUBSCRIPTION);
    fixture.serve();
    assertThat(fixture.receiver(session, 3).on(dead, dead).receive().bodies())
        .containsExactly("poison");
  }

  @Test
  void browsersShowTheQueuesInBoundedPages() {
    fixture.deliveries.queueGroups().ensure(QUEUE);
    appendToTopic();
    sendToAll();
    List<String> seen = new ArrayList<>();
    long next = 0;
    boolean end = false;
    while (!end) {
      BrowsePage page = browse(next);
      assertThat(page.nextOffset() - next).isLessThanOrEqualTo(100);
      page.messages()
          .forEach(message -> seen.add(StandardCharsets.UTF_8.decode(message.body()).toString()));
      next = page.nextOffset();
      end = page.end();
    }
    assertThat(seen).containsExactly("to-queue", "to-temp-queue", "plain", "moved");
  }

  private void sendToAll() {
    fixture.append(QUEUE, "to-queue", sentTo("queue://Q"));
    fixture.append(QUEUE, "to-topic", sentTo("topic://Q"));
    fixture.append(QUEUE, "to-temp-queue", sentTo("temp-queue://Q"));
    fixture.append(QUEUE, "plain");
    fixture.append(QUEUE, "moved", sentTo("topic://elsewhere"));
    fixture.serve();
  }

  private void appendToTopic() {
    for (int i = 0; i < MANY; i++) {
      fixture.append(QUEUE, "to-topic", sentTo("topic://Q"));
    }
  }

  private Answer ofQueue() {
    return fixture.receiver(session, 1).receive();
  }

  private Answer ofTopic() {
    return fixture.receiver(session, 2).on(SUBSCRIPTION, QUEUE).receive();
  }

  private Answer pop(String group) {
    Answer answer = new Answer();
    fixture
        .deliveries
        .pops()
        .pop(
            new PopRequest(
                CONNECTION,
                group,
                QUEUE,
                -1,
                32,
                60_000,
                0,
                false,
                MessageFilter.ALL,
                false,
                Optional.empty()),
            fixture.nowMillis,
            answer);
    return answer;
  }

  private BrowsePage browse(long fromOffset) {
    BrowseRequest request = new BrowseRequest(QUEUE, QUEUE, 0, fromOffset, 100, MessageFilter.ALL);
    assertThat(fixture.deliveries.browser().reads(request)).hasSizeLessThanOrEqualTo(100);
    return ((Outcome.Done<BrowsePage>)
            fixture.deliveries.browser().browse(request, fixture.nowMillis))
        .value();
  }

  private static Map<String, String> sentTo(String destination) {
    return Map.of(PropertyNames.JMS_DESTINATION, destination);
  }

  private static Map<String, String> with(String destination, String name, String value) {
    return Map.of(PropertyNames.JMS_DESTINATION, destination, name, value);
  }
}
