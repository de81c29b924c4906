package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.MoietyQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is waited for when a bean is undeployed, and what is not begun any more. */
final class ActivationStopTest extends ActivationFixture {

  private Thread stopping() {
    Thread stopping = new Thread(activation::stop);
    stopping.start();
    await()
        .until(
            () ->
                stopping.getState() == Thread.State.TIMED_WAITING
                    || stopping.getState() == Thread.State.TERMINATED);
    return stopping;
  }

  @Test
  void waitsForABusyBeanWhenItIsStopped() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    endpoints.bean =
        message -> {
          inside.countDown();
          TestConnections.awaitUninterruptibly(release);
        };
    activate(new MoietyQueue("orders"), 1);
    FakeReceiver receiver = receiver(0);
    receiver.put(new RecordedMessage(calls));
    inside.await();

    Thread stopping = new Thread(activation::stop);
    stopping.start();
    await().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
    assertThat(receiver.isClosed()).isFalse();
    release.countDown();

    stopping.join(10_000);
    assertThat(calls).endsWith("onMessage", "after", "release");
    assertThat(receiver.isClosed()).isTrue();
  }

  @Test
  void callsNoBeanAfterItWasStopped() throws Exception {
    activate(new MoietyQueue("orders"), 1, new RedeliveryDelay(300, 1, 300), 0);
    receiver(0).put(new RecordedMessage(calls, 2));

    activation.stop();

    await().untilAsserted(() -> assertThat(calls).containsExactly("giveBack"));
  }

  @Test
  void waitsAlsoForABeanThatIsBusyOverALostConnection() throws Exception {
    BusyBean bean = new BusyBean();
    activate(new MoietyQueue("orders"), 1);
    receiver(0).put(new RecordedMessage(calls));
    bean.inside.await();
    connections.lose();
    receiver(1);

    Thread stopping = stopping();
    assertThat(stopping.isAlive()).isTrue();
    bean.release.countDown();

    stopping.join(10_000);
    assertThat(calls).endsWith("onMessage", "after", "release");
  }

  @Test
  void waitsForAConnectionThatIsJustMadeWhenItIsStopped() throws Exception {
    connections.gate = new CountDownLatch(1);
    activate(new MoietyQueue("orders"), 1);
    await().until(() -> connections.opening.get() == 1);

    Thread stopping = stopping();
    assertThat(stopping.isAlive()).isTrue();
    connections.gate.countDown();

    stopping.join(10_000);
    assertThat(connections.receivers).hasSize(1).allMatch(FakeReceiver::isClosed);
  }

  @Test
  void endsALivingConnectionOnlyAfterTheBeansThatAreBusyOverIt() throws Exception {
    BusyBean bean = new BusyBean();
    activate(new MoietyQueue("orders"), 2);
    FakeReceiver first = receiver(0);
    FakeReceiver neighbour = receiver(1);
    first.put(new RecordedMessage(calls));
    bean.inside.await();
    connections.lose();
    receiver(2);
    neighbour.put(new RecordedMessage(calls));
    await().untilAsserted(() -> assertThat(calls).contains("giveBack"));
    assertThat(first.isClosed()).isFalse();

    bean.release.countDown();

    await().until(first::isClosed);
  }
}
