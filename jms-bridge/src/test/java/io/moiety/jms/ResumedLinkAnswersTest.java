package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.AckSpan;
import io.moiety.client.BrowsePage;
import io.moiety.client.BrowseRequest;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.client.StartPosition;
import io.moiety.client.SubscriptionSpec;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a link that connects again answers when a loss came in between. */
@Timeout(60)
class ResumedLinkAnswersTest {

  private static final long LONG_MILLIS = 600_000;

  private final FakeSource source = new FakeSource();

  private Link link;

  private void open(Link.Source over) throws JMSException {
    MoietyConnectionFactory factory = new MoietyConnectionFactory();
    factory.setReconnectTimeoutMillis(60_000);
    link = ResumingLink.open(over, "test", factory.settings(), cause -> {}).join();
  }

  /** The first link's broker has another store than that of the others, or the same. */
  private Link.Source storesOf(String first, String others) {
    return (name, instance, events) ->
        source
            .open(name, instance, events)
            .thenApply(
                made ->
                    AlteredLink.of(
                        (FakeLink) made,
                        "storeUuid",
                        arguments -> made == source.link(0) ? first : others));
  }

  /** The first link is lost before it answers this request. */
  private Link.Source losing(String request, boolean written) {
    return (name, instance, events) ->
        source
            .open(name, instance, events)
            .thenApply(
                made ->
                    made == source.link(0)
                        ? AlteredLink.of((FakeLink) made, request, arguments -> lost(written))
                        : made);
  }

  private CompletableFuture<Object> lost(boolean written) {
    source.link(0).open = false;
    return CompletableFuture.failedFuture(new ConnectionLostException("lost", written));
  }

  @AfterEach
  void close() {
    link.close();
  }

  /** What the broker gives for the first time after the loss, at the place of one seen before. */
  @ParameterizedTest
  @CsvSource({"store, QUEUE, 2", "store, TEMPORARY_QUEUE, 1", "another, QUEUE, 1"})
  void onlyWhereATopicGoesOnIsAMessageKnownToComeAgain(
      String nextStore, DestinationKind kind, int deliveryCount) throws Exception {
    open(storesOf("store", nextStore));
    link.createTopic("topic", 1, kind).join();
    Link.Session session = link.openSession(0, () -> List.of(new AckSpan(1, 0, 5, 5))).join();
    CompletableFuture<List<Delivery>> received =
        session.openConsumer(ConsumerSpec.of("group", "topic")).receive(1, LONG_MILLIS);
    source.lose(0);
    await().until(() -> source.count() == 2 && !source.link(1).consumers.isEmpty());
    FakeLink.FakeConsumer consumer = source.link(1).consumers.get(0);
    Delivery given = new Delivery(2, 0, 5, 1, Records.delivery(5, "x", 0).record());
    await().until(() -> consumer.receiving.complete(List.of(given)) && received.isDone());
    assertThat(received.join()).extracting(Delivery::deliveryCount).containsExactly(deliveryCount);
  }

  @Test
  void pageWhoseAnswerWasLostIsAskedForAgain() throws Exception {
    open(losing("browse", true));
    CompletableFuture<BrowsePage> page =
        link.browse(new BrowseRequest("topic", "group", 0, 0, 1, Optional.empty()));
    assertThat(page).isNotDone();
    source.lose(0);
    assertThat(page.join().records()).isEmpty();
    assertThat(source.link(1).requests).contains("browse");
  }

  @Test
  void deletionWhoseAnswerWasLostIsNotAskedForAgain() throws Exception {
    open(losing("deleteTopic", true));
    CompletableFuture<Void> deleted = link.deleteTopic("topic");
    source.lose(0);
    assertThatThrownBy(deleted::join).hasMessageContaining("may have happened");
  }

  @Test
  void deletionThatTheBrokerCannotHaveSeenIsAskedForOverTheNextConnection() throws Exception {
    open(losing("deleteTopic", false));
    CompletableFuture<Void> deleted = link.deleteTopic("topic");
    source.lose(0);
    assertThat(deleted.join()).isNull();
    assertThat(source.link(1).requests).contains("deleteTopic");
  }

  @Test
  void sessionThatIsOpenedAsItsConnectionIsLostIsOneOfTheNext() throws Exception {
    open(
        (name, instance, events) ->
            source
                .open(name, instance, events)
                .thenApply(
                    made ->
                        made == source.link(0)
                            ? AlteredLink.of(
                                (FakeLink) made, "openSession", arguments -> openedAndLost())
                            : made));
    link.openSession(0, List::of).join().openConsumer(ConsumerSpec.of("group", "topic"));
    assertThat(source.link(0).consumers).isEmpty();
    assertThat(source.link(1).consumers).hasSize(1);
  }

  private CompletableFuture<Link.Session> openedAndLost() {
    CompletableFuture<Link.Session> opened = source.link(0).openSession(0, List::of);
    source.lose(0);
    return opened;
  }

  @Test
  void onlyWhatIsStillWantedIsMadeAgain() throws Exception {
    open(source);
    for (String name : List.of("kept", "given up")) {
      link.createTopic(name, 1, DestinationKind.TEMPORARY_QUEUE).join();
      link.subscribe(subscription(name)).join();
    }
    link.deleteTopic("given up").join();
    link.unsubscribe("given up").join();
    source.lose(0);
    assertThat(link.queuesOf("topic").join()).isEqualTo(1);
    assertThat(source.link(1).requests).containsExactly("createTopic", "subscribe", "queuesOf");
  }

  private static SubscriptionSpec subscription(String group) {
    return new SubscriptionSpec(
        group, "topic", StartPosition.LAST, false, true, Optional.empty(), Optional.empty());
  }
}
