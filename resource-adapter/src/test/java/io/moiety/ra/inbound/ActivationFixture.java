package io.moiety.ra.inbound;

import static org.awaitility.Awaitility.await;

import io.moiety.ra.ServerThreads;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.work.ContainerTasks;
import jakarta.jms.Destination;
import java.util.List;
import java.util.Optional;
import java.util.Timer;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

/** One activation of a bean that a test feeds with messages, without a broker. */
abstract class ActivationFixture {

  private static final long PAUSE_MILLIS = 300;

  final List<String> calls = new CopyOnWriteArrayList<>();
  final RecordedEndpoints endpoints = new RecordedEndpoints(calls);
  final TestConnections connections = new TestConnections();
  final ServerThreads work = new ServerThreads();
  private final ContainerTasks tasks = new ContainerTasks(work, new Timer(true));
  final AdapterMetrics metrics = new AdapterMetrics();
  private final MoietyActivationSpec spec = new MoietyActivationSpec();
  Activation activation;

  @AfterEach
  void stop() {
    activation.stop();
    tasks.close();
    work.close();
  }

  void activate(Destination destination, int maxConcurrency) throws Exception {
    activate(destination, maxConcurrency, new RedeliveryDelay(0, 1, 0), 0);
  }

  void activate(
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
            EndpointDelivery.to(
                Bean.of(endpoints, "queue orders", Optional.empty()),
                metrics,
                NoRecovery.watch(),
                Optional.empty()),
            tasks,
            metrics);
    activation.start();
  }

  FakeReceiver receiver(int index) {
    await().until(() -> connections.receivers.size() > index);
    FakeReceiver receiver = connections.receivers.get(index);
    await().until(receiver::isAsked);
    return receiver;
  }

  /** A bean that is called once and stays busy until it is released. */
  final class BusyBean {

    final CountDownLatch inside = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);

    BusyBean() {
      endpoints.bean =
          message -> {
            inside.countDown();
            TestConnections.awaitUninterruptibly(release);
          };
    }
  }
}
