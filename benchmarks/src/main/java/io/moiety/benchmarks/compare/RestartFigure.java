package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * From the start of a broker's process over the store that a SIGKILL left to its first stored
 * message. The store is filled once, with single messages of 1 KiB, and killed before each start.
 */
record RestartFigure() implements Figure {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int BODY_BYTES = 1024;
  private static final int BATCH = 64;
  private static final int TOPICS = 4;

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public boolean repeatsItself() {
    return true;
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    Row warm = row(settings, "warm", 2);
    Row cold = row(settings, "cold", 4);
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          List.of(warm, cold),
          store -> {
            fill(settings, kind, store);
            for (int run = 0; run < settings.runs(); run++) {
              results.add(warm, kind.peer(), restart(kind, store));
              PageCache.drop();
              results.add(cold, kind.peer(), restart(kind, store));
            }
          });
    }
  }

  private static Row row(Settings settings, String cache, double goalSeconds) {
    return new Row(
        "start after SIGKILL, log of %,d MiB, page cache %s: first send accepted"
            .formatted(settings.restartMebibytes(), cache),
        "s",
        new Goal.AtMost(goalSeconds));
  }

  private static void fill(Settings settings, BrokerKind kind, Path store)
      throws FigureException, IOException, InterruptedException {
    StoreFill fill =
        new StoreFill(TOPICS, settings.restartMebibytes() * 1024 / BATCH, BATCH, BODY_BYTES);
    RunningBroker broker = kind.start(store, FlushMode.ASYNC_FLUSH, List.of());
    try {
      broker.awaitReady();
      double unused = fill.into(broker, settings);
    } finally {
      broker.kill();
    }
  }

  private static double restart(BrokerKind kind, Path store)
      throws FigureException, IOException, InterruptedException {
    return StoreFill.secondsOfStart(kind, store, List.of(), LIMIT);
  }
}
