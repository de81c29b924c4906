package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.MoietyQueue;
import io.moiety.jms.MoietyTopic;
import io.moiety.jms.spi.InboundSpec;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How messages come to a bean. */
final class ActivationTest extends ActivationFixture {

  @Test
  void holdsNoThreadWhileThereIsNoMessage() throws Exception {
    activate(new MoietyQueue("orders"), 4);

    for (int worker = 0; worker < 4; worker++) {
      receiver(worker);
    }

    await().until(() -> work.running() == 0);
  }

  @Test
  void deliversOneMessageAfterTheOther() throws Exception {
    activate(new MoietyQueue("orders"), 1);
    FakeReceiver receiver = receiver(0);

    for (int message = 0; message < 20; message++) {
      receiver.put(new RecordedMessage(calls));
    }

    await().until(() -> Collections.frequency(calls, "onMessage") == 20);
    await().until(() -> work.running() == 0);
  }

  @Test
  void callsAtMostMaxConcurrencyBeansAtOnce() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger inside = new AtomicInteger();
    endpoints.bean =
        message -> {
          inside.incrementAndGet();
          TestConnections.awaitUninterruptibly(release);
        };
    activate(new MoietyQueue("orders"), 2);
    for (int worker = 0; worker < 2; worker++) {
      FakeReceiver receiver = receiver(worker);
      receiver.put(new RecordedMessage(calls));
      receiver.put(new RecordedMessage(calls));
    }

    await().until(() -> inside.get() == 2);
    release.countDown();

    await().until(() -> inside.get() == 4);
  }

  @Test
  void letsAMessageThatFailedWaitWithoutAThread() throws Exception {
    activate(new MoietyQueue("orders"), 1, new RedeliveryDelay(400, 1, 400), 0);
    FakeReceiver receiver = receiver(0);
    long before = System.nanoTime();

    receiver.put(new RecordedMessage(calls, 2));
    await().until(() -> work.running() == 0);
    assertThat(calls).doesNotContain("onMessage");

    await().untilAsserted(() -> assertThat(calls).contains("onMessage"));
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(400_000_000L);
    assertThat(metrics.redeliveredCount()).isEqualTo(1);
  }

  @Test
  void dropsWhatAlwaysFailsWhereThereAreNoDeadLetters() throws Exception {
    activate(new MoietyTopic("news"), 1);

    receiver(0).put(new RecordedMessage(calls, 11));

    await().untilAsserted(() -> assertThat(calls).containsExactly("acknowledge"));
  }

  @Test
  void oneEndpointsFailureDisturbsNoOther() throws Exception {
    BusyBean bean = new BusyBean();
    activate(new MoietyQueue("orders"), 2);
    FakeReceiver busy = receiver(0);
    FakeReceiver failing = receiver(1);
    busy.put(new RecordedMessage(calls));
    bean.inside.await();
    endpoints.broken = "create";

    failing.put(new RecordedMessage(calls));
    await().untilAsserted(() -> assertThat(calls).contains("giveBack"));
    endpoints.broken = "";
    failing.put(new RecordedMessage(calls));

    await().until(() -> Collections.frequency(calls, "onMessage") == 2);
    assertThat(connections.receivers).hasSize(2).noneMatch(FakeReceiver::isClosed);
    bean.release.countDown();
  }

  @Test
  void keepsNothingThatWasFetchedAheadBehindAMessageThatWaitsLong() throws Exception {
    activate(new MoietyQueue("orders"), 2, new RedeliveryDelay(60_000, 1, 60_000), 0);
    FakeReceiver receiver = receiver(0);
    receiver.putAhead(new RecordedMessage(calls));

    receiver.put(new RecordedMessage(calls, 2));

    await().until(() -> receiver.givenBackAhead() == 1);
  }

  @Test
  void keepsWhatWasFetchedAheadForABeanThatWantsAllInOrder() throws Exception {
    activate(new MoietyQueue("orders"), 1, new RedeliveryDelay(1_000, 1, 1_000), 0);
    FakeReceiver receiver = receiver(0);
    receiver.putAhead(new RecordedMessage(calls));

    receiver.put(new RecordedMessage(calls, 2));

    await().until(() -> Collections.frequency(calls, "onMessage") == 2);
    assertThat(receiver.givenBackAhead()).isZero();
  }

  @Test
  void letsTheWorkersOfATopicShareOneSubscription() throws Exception {
    activate(new MoietyTopic("news"), 3);
    receiver(2);

    assertThat(connections.specs.stream().map(InboundSpec::subscriptionName).distinct())
        .hasSize(1)
        .allMatch(Optional::isPresent);
    assertThat(connections.specs).allMatch(InboundSpec::shared).noneMatch(InboundSpec::durable);
  }
}
