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
  private Link.Source losing(String request) {
    return (name, instance, events) ->
        source
            .open(name, instance, events)
            .thenApply(
                made ->
                    made == source.link(0)
                        ? AlteredLink.of((FakeLink) made, request, arguments -> lost())
                        : made);
  }

  private CompletableFuture<Object> lost() {
    source.link(0).open = false;
    return CompletableFuture.failedFuture(new ConnectionLostException("lost", true));
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
    open(losing("browse"));
    CompletableFuture<BrowsePage> page =
        link.browse(new BrowseRequest("topic", "group", 0, 0, 1, Optional.empty()));
    assertThat(page).isNotDone();
    source.lose(0);
    assertThat(page.join().records()).isEmpty();
    assertThat(source.link(1).requests).contains("browse");
  }

  @Test
  void deletionWhoseAnswerWasLostIsNotAskedForAgain() throws Exception {
    open(losing("deleteTopic"));
    CompletableFuture<Void> deleted = link.deleteTopic("topic");
    source.lose(0);
    assertThatThrownBy(deleted::join).hasMessageContaining("may have happened");
  }
}
