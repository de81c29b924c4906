package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.queue.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delivery from a queue of which messages are gone with the log's beginning. */
class GoneMessagesTest {
  private final DeliveryFixture fixture = new DeliveryFixture();

  @BeforeEach
  void send() {
    fixture.send(QUEUE, "a", "b", "c", "d");
  }

  private Entry entry(long queueOffset) {
    return fixture.queues.find(QUEUE, 0).orElseThrow().find(queueOffset).orElseThrow();
  }

  private void forgetUpTo(long queueOffset) {
    fixture.log.forgetBefore(entry(queueOffset).position());
  }

  private Ledger ledger() {
    return fixture.ledgers.known(new LedgerKey(QUEUE, QUEUE, 0));
  }

  @Test
  void deliveryBeginsAtTheFirstMessageThatIsStored() {
    forgetUpTo(2);
    assertThat(fixture.receiver(fixture.openSession(), 1).receive().bodies())
        .containsExactly("c", "d");
  }

  @Test
  void messagesThatAreGoneBetweenOthersArePassedOverForGoodWithoutARead() {
    fixture.log.carry(entry(0));
    fixture.serve();
    forgetUpTo(3);
    long session = fixture.openSession();
    assertThat(fixture.receiver(session, 1).receive().bodies()).containsExactly("a", "d");
    fixture.acknowledge(session, 1, 0, 3);
    assertThat(ledger().floor()).isEqualTo(4);
    assertThat(fixture.replayed().known(new LedgerKey(QUEUE, QUEUE, 0)).floor()).isEqualTo(4);
  }

  @Test
  void aMessageThatWentBackAndIsGoneSinceIsNotDeliveredAgain() {
    long session = fixture.openSession();
    fixture.receiver(session, 1).receive();
    fixture.log.carry(entry(0));
    fixture.serve();
    forgetUpTo(3);
    fixture.deliveries.connectionLost(DeliveryFixture.CONNECTION);
    fixture.serve();
    assertThat(fixture.receiver(fixture.openSession(), 1).receive().bodies())
        .containsExactly("a", "d");
  }

  @Test
  void browsingShowsWhatIsStored() {
    fixture.log.carry(entry(1));
    fixture.serve();
    forgetUpTo(3);
    BrowseRequest request = new BrowseRequest(QUEUE, QUEUE, 0, 0, 10, MessageFilter.ALL);
    BrowsePage page =
        ((Outcome.Done<BrowsePage>) fixture.deliveries.browser().browse(request, fixture.nowMillis))
            .value();
    List<String> bodies =
        page.messages().stream()
            .map(message -> StandardCharsets.UTF_8.decode(message.body()).toString())
            .toList();
    assertThat(bodies).containsExactly("b", "d");
    assertThat(page.end()).isTrue();
  }
}
