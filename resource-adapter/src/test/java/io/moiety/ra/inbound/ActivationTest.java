package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.MoietyQueue;
import io.moiety.jms.MoietyTopic;
import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.InboundSpec;
import io.moiety.ra.ServerThreads;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.work.ContainerTasks;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Timer;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ActivationTest {

  private static final long PAUSE_MILLIS = 300;

  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final RecordedEndpoints endpoints = new RecordedEndpoints(calls);
  private final Connections connections = new Connections();
  private final ServerThreads work = new ServerThreads();
  private final ContainerTasks tasks = new ContainerTasks(work, new Timer(true));
  private final AdapterMetrics metrics = new AdapterMetrics();
  private final MoietyActivationSpec spec = new MoietyActivationSpec();
  private Activation activation;

  @AfterEach
  void stop() {
    activation.stop();
    tasks.close();
    work.close();
  }

  private void activate(Destination destination, int maxConcurrency) throws Exception {
    activate(destination, maxConcurrency, new RedeliveryDelay(0, 1, 0), 0);
  }

  private void activate(
      Destination destination, int maxConcurrency, RedeliveryDelay delay, int pauseAfterFailures)
      throws Exception {
    ActivationSettings settings =
        new ActivationSettings(
            destination,
            Optional.empty(),
            maxConcurrency,
            10,
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            Optional.empty(),
            1,
            delay,
            pauseAfterFailures,
            PAUSE_MILLIS);
    activation =
        new Activation(
            endpoints,
            spec,
            settings,
            connections,
            EndpointDelivery.to(endpoints, "queue orders", metrics, NoRecovery.watch()),
            tasks,
            metrics);
    activation.start();
  }

  private FakeReceiver receiver(int index) {
    await().until(() -> connections.receivers.size() > index);
    FakeReceiver receiver = connections.receivers.get(index);
    await().until(receiver::isAsked);
    return receiver;
  }

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
          awaitUninterruptibly(release);
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
  void dropsWhatAlwaysFailsWhereThereAreNoDeadLetters() throws Exception {
    activate(new MoietyTopic("news"), 1);

    receiver(0).put(new RecordedMessage(calls, 11));

    await().untilAsserted(() -> assertThat(calls).containsExactly("acknowledge"));
  }

  @Test
  void keepsTryingWhileThereIsNoBroker() throws Exception {
    connections.refusals.set(3);

    activate(new MoietyQueue("orders"), 1);

    receiver(0);
    assertThat(connections.refusals).hasValue(-1);
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
  void waitsForABusyBeanWhenItIsStopped() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    endpoints.bean =
        message -> {
          inside.countDown();
          awaitUninterruptibly(release);
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

  /** A bean that is called once and stays busy until it is released. */
  private final class BusyBean {

    final CountDownLatch inside = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);

    BusyBean() {
      endpoints.bean =
          message -> {
            inside.countDown();
            awaitUninterruptibly(release);
          };
    }
  }

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

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Connections whose receivers the test feeds. */
  private static final class Connections implements ReceivingConnections {

    final List<FakeReceiver> receivers = new CopyOnWriteArrayList<>();
    final List<InboundSpec> specs = new CopyOnWriteArrayList<>();
    final AtomicInteger refusals = new AtomicInteger();
    private volatile ExceptionListener listener;
    volatile boolean connected = true;
    volatile CountDownLatch gate = new CountDownLatch(0);
    final AtomicInteger opening = new AtomicInteger();

    void lose() {
      listener.onException(new JMSException("the connection is lost"));
    }

    @Override
    public AdapterConnection open(Optional<String> clientId) throws JMSException {
      opening.incrementAndGet();
      awaitUninterruptibly(gate);
      if (refusals.getAndDecrement() > 0) {
        throw new JMSException("no broker");
      }
      List<FakeReceiver> own = new CopyOnWriteArrayList<>();
      return (AdapterConnection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {AdapterConnection.class},
              (proxy, method, arguments) -> {
                switch (method.getName()) {
                  case "setExceptionListener" -> listener = (ExceptionListener) arguments[0];
                  case "openInbound" -> {
                    FakeReceiver receiver = new FakeReceiver();
                    specs.add((InboundSpec) arguments[0]);
                    own.add(receiver);
                    receivers.add(receiver);
                    return receiver;
                  }
                  case "isOpen" -> {
                    return connected;
                  }
                  case "close" -> own.forEach(FakeReceiver::close);
                  default -> throw new UnsupportedOperationException(method.getName());
                }
                return null;
              });
    }
  }
}
