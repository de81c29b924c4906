package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.MoietyQueue;
import jakarta.jms.JMSException;
import org.junit.jupiter.api.Test;

/** What becomes of an activation whose connection is lost. */
final class ActivationConnectionTest extends ActivationFixture {

  @Test
  void connectsAgainAfterTheConnectionWasLost() throws Exception {
    activate(new MoietyQueue("orders"), 1);
    FakeReceiver first = receiver(0);

    connections.lose();

    FakeReceiver second = receiver(1);
    await().until(first::isClosed);
    second.put(new RecordedMessage(calls));
    await().untilAsserted(() -> assertThat(calls).contains("onMessage"));
  }

  @Test
  void asksAgainOverTheSameConnectionAfterARequestWasRefused() throws Exception {
    activate(new MoietyQueue("orders"), 2);
    FakeReceiver other = receiver(1);
    FakeReceiver refused = receiver(0);

    refused.fail(new JMSException("refused"));
    await().until(() -> refused.givenBack() == 1);
    await().until(refused::isAsked);

    refused.put(new RecordedMessage(calls));
    await().untilAsserted(() -> assertThat(calls).contains("onMessage"));
    assertThat(connections.receivers).hasSize(2);
    assertThat(other.isAsked()).isTrue();
  }

  @Test
  void connectsAgainWhenABrokerRefusesOverALostConnection() throws Exception {
    activate(new MoietyQueue("orders"), 1);
    FakeReceiver first = receiver(0);
    connections.connected = false;

    first.fail(new JMSException("lost"));

    await().until(() -> connections.receivers.size() == 2);
  }

  @Test
  void countsConnectionsThatTookThePlaceOfLostOnes() throws Exception {
    activate(new MoietyQueue("orders"), 1);
    receiver(0);
    assertThat(metrics.reconnectCount()).isZero();

    connections.lose();
    receiver(1);

    await().until(() -> metrics.reconnectCount() == 1);
  }

  @Test
  void keepsTryingWhileThereIsNoBroker() throws Exception {
    connections.refusals.set(3);

    activate(new MoietyQueue("orders"), 1);

    receiver(0);
    assertThat(connections.refusals).hasValue(-1);
  }
}
