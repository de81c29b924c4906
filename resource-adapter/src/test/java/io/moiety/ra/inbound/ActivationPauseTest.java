package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.MoietyQueue;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a bean is given no messages for a while. */
final class ActivationPauseTest extends ActivationFixture {

  @Test
  void pausesAfterFailuresAndGoesOnByItself() throws Exception {
    AtomicInteger failing = new AtomicInteger(2);
    endpoints.bean =
        message -> {
          if (failing.getAndDecrement() > 0) {
            throw new IllegalStateException("no database");
          }
        };
    activate(new MoietyQueue("orders"), 1, new RedeliveryDelay(0, 1, 0), 2);
    FakeReceiver receiver = receiver(0);
    receiver.put(new RecordedMessage(calls));
    receiver.put(new RecordedMessage(calls));
    await().until(() -> activation.state().equals("PAUSED"));
    assertThat(receiver.isAsked()).isFalse();

    receiver.put(new RecordedMessage(calls));

    await().until(() -> Collections.frequency(calls, "onMessage") == 3);
    assertThat(activation.state()).isEqualTo("RECEIVING");
    assertThat(activation.calls().consecutiveFailures()).isZero();
  }

  @Test
  void anAdministratorPausesAndResumes() throws Exception {
    activate(new MoietyQueue("orders"), 1);
    FakeReceiver receiver = receiver(0);
    ActivationBean bean = new ActivationBean(activation);
    bean.pause();
    assertThat(bean.getState()).isEqualTo("PAUSED");

    receiver.put(new RecordedMessage(calls));
    await().untilAsserted(() -> assertThat(calls).containsExactly("giveBack"));
    await().until(() -> work.running() == 0);
    receiver.put(new RecordedMessage(calls));
    bean.resume();

    await().untilAsserted(() -> assertThat(calls).contains("onMessage"));
    await().until(() -> bean.getTaken() == 1);
  }

  @Test
  void pausesAndGoesOnWhenTheServerIsNotReady() throws Exception {
    endpoints.unavailable = true;
    activate(new MoietyQueue("orders"), 1);
    receiver(0).put(new RecordedMessage(calls));
    await().untilAsserted(() -> assertThat(calls).contains("giveBack"));
    endpoints.unavailable = false;

    receiver(0).put(new RecordedMessage(calls));

    await().untilAsserted(() -> assertThat(calls).contains("onMessage"));
  }

  @Test
  void keepsNothingThatWasFetchedAheadWhileItIsPaused() throws Exception {
    BusyBean bean = new BusyBean();
    activate(new MoietyQueue("orders"), 1);
    FakeReceiver receiver = receiver(0);
    receiver.putAhead(new RecordedMessage(calls));
    receiver.put(new RecordedMessage(calls));
    bean.inside.await();
    new ActivationBean(activation).pause();

    bean.release.countDown();

    await().until(() -> receiver.givenBackAhead() == 1);
    assertThat(Collections.frequency(calls, "onMessage")).isEqualTo(1);
  }

  @Test
  void whatWasProcessedIsNoReasonToPauseThoughItsAcknowledgementsAreLost() throws Exception {
    endpoints.transacted = false;
    activate(new MoietyQueue("orders"), 1, new RedeliveryDelay(0, 1, 0), 1);
    for (int message = 0; message < 3; message++) {
      RecordedMessage processed = new RecordedMessage(calls);
      processed.acknowledgementLost = true;
      receiver(0).put(processed);
    }

    await().until(() -> Collections.frequency(calls, "giveBack") == 3);
    assertThat(activation.state()).isEqualTo("RECEIVING");
    assertThat(activation.calls().failedCount()).isZero();
  }
}
