package io.moiety.benchmarks.compare;

import java.time.Duration;
import java.util.List;

/**
 * Many small messages in 1,000 topics of 4 queues: Moiety stores them and starts again over them
 * with a heap of 256 MiB; RocketMQ has what it is given by default. Once, since it takes long.
 */
record HeapFigure() implements Figure {

  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final int BODY_BYTES = 16;
  private static final int BATCH = 50;
  private static final int TOPICS = 1_000;
  private static final double MOIETY_HEAP_MIB = 256;

  @Override
  public String name() {
    return "heap";
  }

  @Override
  public boolean repeatsItself() {
    return true;
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    Row rate = Row.told(label(settings, "stored at"), "1/s");
    Row used =
        new Row(
            label(settings, "heap in use after a collection"),
            "MiB",
            new Goal.AtMost(MOIETY_HEAP_MIB));
    Row resident = Row.told(label(settings, "resident memory"), "MB");
    Row recovered = Row.told(label(settings, "start after SIGKILL, same heap"), "s");
    for (BrokerKind kind : settings.storing()) {
      List<String> options =
          kind.peer() == Peer.MOIETY ? List.of("-Xms64m", "-Xmx256m") : List.of();
      Attempt.of(
          settings,
          results,
          kind.peer(),
          List.of(used, recovered),
          store -> {
            RunningBroker filled = kind.start(store, FlushMode.ASYNC_FLUSH, options);
            try {
              filled.awaitReady();
              StoreFill fill =
                  new StoreFill(TOPICS, settings.heapMessages() / BATCH, BATCH, BODY_BYTES);
              results.add(rate, kind.peer(), settings.heapMessages() / fill.into(filled, settings));
              results.add(used, kind.peer(), HeapUse.mebibytesAfterCollection(filled.jvm()));
              results.add(resident, kind.peer(), filled.jvm().usage().residentBytes() / 1e6);
            } finally {
              filled.kill();
            }
            results.add(
                recovered, kind.peer(), StoreFill.secondsOfStart(kind, store, options, LIMIT));
          });
    }
  }

  private static String label(Settings settings, String what) {
    return "%,d messages in 1,000 topics × 4 queues (Moiety: -Xmx256m): %s"
        .formatted(settings.heapMessages(), what);
  }
}
