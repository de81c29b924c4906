package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListenerThreadTest {

  private final FakeLink link = new FakeLink();
  private final DeliveryGate gate = new DeliveryGate();
  private final Deliveries deliveries = new Deliveries(link);
  private final List<JMSException> failures = new CopyOnWriteArrayList<>();
  private final Handover handover =
      new Handover(
          new MessageDecoder(TrustedClasses.parse("")),
          deliveries,
          new NoTransaction(),
          AcknowledgeMode.AUTO,
          JmsMessage.Acknowledgement.NOTHING);
  private final ListenerThread listeners =
      new ListenerThread("listeners-under-test", gate, handover, 4, failures::add);
  private Inbox inbox;
  private JmsConsumer consumer;

  @BeforeEach
  void open() throws Exception {
    inbox =
        new Inbox(
            gate,
            deliveries,
            deliveries.open(),
            ConsumerSpec.of("group", "topic"),
            1,
            Clock.systemUTC());
    Subscription subscription = Subscription.queue(new MoietyQueue("topic"), null);
    consumer = new JmsConsumer(null, null, subscription, false, inbox, handover);
  }

  @AfterEach
  void close() {
    gate.close();
  }

  @Test
  void messageOfListenerThatWasTakenAwayIsTheNextAgain() throws Exception {
    Delivery delivery = Records.delivery(5, "x", 0);
    link.consumers.get(0).answeredAtOnce = List.of(delivery);
    listeners.add(consumer);
    gate.start();
    await().until(() -> link.requests.contains("receive"));
    listeners.remove(consumer);
    assertThat(inbox.await(Deadline.afterMillis(10_000))).isSameAs(delivery);
    inbox.leave();
    assertThat(link.requests).doesNotContain("handedOver 5");
    handover.taken(delivery, Optional.empty());
    assertThat(failures).isEmpty();
  }
}
