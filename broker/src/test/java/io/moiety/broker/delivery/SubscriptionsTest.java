package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.CONNECTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SubscriptionsTest {
  private static final String TOPIC = "news";
  private static final long OTHER = CONNECTION + 1;

  private final DeliveryFixture fixture = new DeliveryFixture();
  private final Subscriptions subscriptions = fixture.deliveries.subscriptions();
  private final long session = fixture.openSession();

  @Test
  void beginsBehindWhatTheTopicHolds() {
    fixture.createTopic(TOPIC, 1);
    fixture.send(TOPIC, "old");
    assertThat(fixture.subscribe(DeliveryFixture.durable("sub", TOPIC))).isEmpty();
    fixture.send(TOPIC, "new");
    assertThat(fixture.receiver(session, 1).on("sub", TOPIC).receive().bodies())
        .containsExactly("new");
  }

  @Test
  void beginsWithTheFirstMessageWhenAsked() {
    fixture.createTopic(TOPIC, 1);
    fixture.send(TOPIC, "old");
    fixture.subscribe(request(CONNECTION, true, true, false, Optional.empty()));
    assertThat(fixture.receiver(session, 1).on("sub", TOPIC).receive().bodies())
        .containsExactly("old");
  }

  @Test
  void aQueueKeepsMessagesFromItsCreationOnAndItsReceiversFindItsGroupAsItIs() {
    fixture.createTopic(TOPIC, 1);
    fixture.deliveries.queueGroups().ensure(TOPIC);
    fixture.send(TOPIC, "before the first receiver");
    GroupConfig made = fixture.groups.find(TOPIC).orElseThrow();
    assertThat(made.retains(TOPIC)).isTrue();
    assertThat(
            fixture.subscribe(
                new SubscribeRequest(
                    CONNECTION,
                    TOPIC,
                    TOPIC,
                    true,
                    true,
                    false,
                    Optional.empty(),
                    Optional.empty())))
        .isEmpty();
    assertThat(fixture.groups.find(TOPIC)).contains(made);
    assertThat(fixture.receiver(session, 1).on(TOPIC, TOPIC).receive().bodies())
        .containsExactly("before the first receiver");
  }

  @Test
  void sameAgainKeepsThePosition() {
    fixture.subscribe(DeliveryFixture.durable("sub", TOPIC));
    fixture.send(TOPIC, "a");
    int records = fixture.log.facts().size();
    assertThat(fixture.subscribe(DeliveryFixture.durable("sub", TOPIC))).isEmpty();
    assertThat(fixture.log.facts()).hasSize(records);
    assertThat(fixture.receiver(session, 1).on("sub", TOPIC).receive().bodies())
        .containsExactly("a");
  }

  @Test
  void anotherSelectorResetsTheSubscriptionUnlessItIsActive() {
    fixture.subscribe(DeliveryFixture.durable("sub", TOPIC));
    fixture.send(TOPIC, "a");
    fixture.receiver(session, 1).on("sub", TOPIC).receive();
    SubscribeRequest changed = request(CONNECTION, false, true, false, Optional.of("n = 1"));
    assertThat(fixture.subscribe(changed).orElseThrow().reason()).isEqualTo(Refusal.Reason.IN_USE);
    fixture.deliveries.sessions().closeConsumer(CONNECTION, session, 1);
    assertThat(fixture.subscribe(changed)).isEmpty();
    fixture.send(TOPIC, "b", java.util.Map.of("n", "1", "__JMS_TYPES", "n:I"));
    assertThat(fixture.receiver(session, 2).on("sub", TOPIC).receive().bodies())
        .containsExactly("b");
  }

  @Test
  void leasesOfADeletedSubscriptionCanStillBeAcknowledged() {
    fixture.subscribe(DeliveryFixture.durable("sub", TOPIC));
    fixture.send(TOPIC, "a");
    fixture.receiver(session, 1).on("sub", TOPIC).receive();
    fixture.deliveries.sessions().closeConsumer(CONNECTION, session, 1);
    assertThat(subscriptions.delete(CONNECTION, "sub", outcome -> {})).isEmpty();
    int records = fixture.log.facts().size();
    fixture.acknowledge(session, 1, 0);
    assertThat(fixture.log.facts()).hasSize(records);
    assertThat(fixture.replayed().state()).isEmpty();
  }

  @Test
  void aSubscriptionWithUnacknowledgedMessagesIsNotUnsubscribed() {
    fixture.subscribe(DeliveryFixture.durable("sub", TOPIC));
    fixture.send(TOPIC, "a");
    fixture.receiver(session, 1).on("sub", TOPIC).receive();
    fixture.deliveries.sessions().closeConsumer(CONNECTION, session, 1);
    assertThat(subscriptions.unsubscribe(CONNECTION, "sub", outcome -> {}).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.IN_USE);
    fixture.acknowledge(session, 1, 0);
    assertThat(subscriptions.unsubscribe(CONNECTION, "sub", outcome -> {})).isEmpty();
  }

  @Test
  void aSharedSubscriptionEndsWithTheLastConnectionThatLeavesIt() {
    SubscribeRequest shared = request(CONNECTION, false, false, false, Optional.empty());
    SubscribeRequest elsewhere = request(OTHER, false, false, false, Optional.empty());
    assertThat(fixture.subscribe(shared)).isEmpty();
    assertThat(fixture.subscribe(elsewhere)).isEmpty();
    assertThat(subscriptions.unsubscribe(CONNECTION, "sub", outcome -> {})).isPresent();
    assertThat(subscriptions.unsubscribe(OTHER, "sub", outcome -> {})).isEmpty();
    assertThat(fixture.groups.find("sub")).isEmpty();
  }

  @Test
  void anotherKindOfSubscriptionIsRefused() {
    fixture.subscribe(DeliveryFixture.durable("sub", TOPIC));
    SubscribeRequest other = request(CONNECTION, false, false, false, Optional.empty());
    assertThat(fixture.subscribe(other).orElseThrow().reason()).isEqualTo(Refusal.Reason.INVALID);
  }

  @Test
  void anExclusiveSubscriptionHasOneConsumer() {
    SubscribeRequest exclusive = request(CONNECTION, false, true, true, Optional.empty());
    SubscribeRequest elsewhere = request(OTHER, false, true, true, Optional.empty());
    assertThat(fixture.subscribe(exclusive)).isEmpty();
    assertThat(fixture.subscribe(elsewhere).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.IN_USE);
    fixture.receiver(session, 1).on("sub", TOPIC).receive();
    assertThat(fixture.receiver(session, 2).on("sub", TOPIC).receive().refusal().reason())
        .isEqualTo(Refusal.Reason.IN_USE);
    fixture.deliveries.sessions().closeConsumer(CONNECTION, session, 1);
    assertThat(fixture.subscribe(elsewhere)).isEmpty();
  }

  @Test
  void aClaimWithoutAReceiveEndsWithItsConsumer() {
    fixture.subscribe(request(CONNECTION, false, true, true, Optional.empty()));
    fixture.deliveries.sessions().closeConsumer(CONNECTION, session, 1);
    assertThat(fixture.subscribe(request(OTHER, false, true, true, Optional.empty()))).isEmpty();
  }

  @Test
  void unsubscribeIsRefusedWhileActiveAndForgetsEverythingAfter() {
    fixture.subscribe(DeliveryFixture.durable("sub", TOPIC));
    fixture.send(TOPIC, "a");
    fixture.receiver(session, 1).on("sub", TOPIC).receive();
    assertThat(subscriptions.unsubscribe(CONNECTION, "sub", outcome -> {}).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.IN_USE);
    fixture.deliveries.sessions().close(CONNECTION, session);
    assertThat(subscriptions.unsubscribe(CONNECTION, "sub", outcome -> {})).isEmpty();
    assertThat(subscriptions.unsubscribe(CONNECTION, "sub", outcome -> {}).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.UNKNOWN_GROUP);
    assertThat(fixture.replayed().state()).isEmpty();
  }

  @Test
  void unsubscribeIsRefusedWhileATransactionHoldsItsMessages() {
    fixture.subscribe(DeliveryFixture.durable("sub", TOPIC));
    fixture.send(TOPIC, "a");
    fixture.receiver(session, 1).on("sub", TOPIC).receive();
    fixture.acknowledgeInBranch(session, 1, 42, 0);
    fixture.deliveries.sessions().close(CONNECTION, session);
    assertThat(subscriptions.unsubscribe(CONNECTION, "sub", outcome -> {}).orElseThrow().text())
        .contains("transaction");
  }

  @Test
  void aSubscriptionThatIsNotDurableEndsWithItsLastConnection() {
    fixture.subscribe(request(CONNECTION, false, false, false, Optional.empty()));
    fixture.subscribe(request(OTHER, false, false, false, Optional.empty()));
    fixture.deliveries.connectionLost(CONNECTION);
    assertThat(fixture.groups.find("sub")).isPresent();
    fixture.deliveries.connectionLost(OTHER);
    assertThat(fixture.groups.find("sub")).isEmpty();
    assertThat(fixture.log.facts()).contains(new SystemRecord.GroupDeleted("sub"));
  }

  private static SubscribeRequest request(
      long connection,
      boolean fromFirst,
      boolean durable,
      boolean exclusive,
      Optional<String> selector) {
    return new SubscribeRequest(
        connection, "sub", TOPIC, fromFirst, durable, exclusive, selector, Optional.empty());
  }
}
