package io.moiety.ra.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.ra.ServerThreads;
import io.moiety.ra.work.ContainerTasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class StoreShareTest {

  /** A server's timer that waits for nothing. */
  private static final class HastyTimer extends Timer {

    private final List<Long> delaysMillis = new CopyOnWriteArrayList<>();

    HastyTimer() {
      super(true);
    }

    @Override
    public void schedule(TimerTask task, long delayMillis) {
      delaysMillis.add(delayMillis);
      super.schedule(task, 0);
    }
  }

  private final HastyTimer timer = new HastyTimer();

  @Test
  void takesTheStoreOverAlsoAfterAStartThatEndedWithAnError(@TempDir Path store) throws Exception {
    EmbeddedConfig config =
        EmbeddedConfig.of(Map.of("storePathRootDir", store.toString(), "listenPort", "0"));
    AtomicInteger errors = new AtomicInteger(1);
    Broker holder = Broker.start(BrokerConfig.embedded(store));
    try (ServerThreads threads = new ServerThreads();
        ContainerTasks tasks = new ContainerTasks(threads, timer);
        StoreShare share =
            StoreShare.open(
                config,
                tasks,
                wanted -> {
                  EmbeddedBroker started = EmbeddedBroker.use(wanted);
                  if (errors.getAndDecrement() > 0) {
                    started.close();
                    throw new NoClassDefFoundError("of a library");
                  }
                  return started;
                })) {
      assertThat(share.isOwn()).isFalse();

      holder.close();

      await().until(share::isOwn);
      assertThat(timer.delaysMillis).contains(60_000L);
    }
  }
}
