package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Messages that wait in Moiety's broker: exact delays spread over 30 days, or half messages that
 * nobody resolves. It takes them and starts again over them with a small heap. Of Moiety only: the
 * original keeps exact delays for three days at most. Once, since it takes long.
 */
record PendingFigure(Kind kind) implements Figure {

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int BODY_BYTES = 16;
  private static final double START_SECONDS = 5;

  /** What waits. */
  enum Kind {
    DELAYS("heap-delays", "messages with exact delays over 30 days", 256, 1),
    HALVES("heap-halves", "open half messages", 512, 2);

    private final String figure;
    private final String what;
    private final int heapMebibytes;

    /** So many times fewer than the heap's figure has messages. */
    private final int part;

    Kind(String figure, String what, int heapMebibytes, int part) {
      this.figure = figure;
      this.what = what;
      this.heapMebibytes = heapMebibytes;
      this.part = part;
    }
  }

  @Override
  public String name() {
    return kind.figure;
  }

  @Override
  public boolean repeatsItself() {
    return true;
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    int count = settings.heapMessages() / kind.part;
    Row rate = Row.told(label(count, "taken at"), "1/s");
    Row used =
        new Row(
            label(count, "heap in use after a collection"),
            "MiB",
            new Goal.AtMost(kind.heapMebibytes));
    Row recovered =
        new Row(
            label(count, "start after SIGKILL, same heap"), "s", new Goal.AtMost(START_SECONDS));
    Row usedAfter = Row.told(label(count, "heap in use after that start"), "MiB");
    List<String> options = List.of("-Xms64m", "-Xmx%dm".formatted(kind.heapMebibytes));
    for (BrokerKind broker : settings.storing()) {
      if (broker.peer() == Peer.MOIETY) {
        Attempt.of(
            settings,
            results,
            broker.peer(),
            List.of(used, recovered),
            store -> {
              RunningBroker filled = broker.start(store, FlushMode.ASYNC_FLUSH, options);
              try {
                filled.awaitReady();
                results.add(rate, broker.peer(), count / secondsToFill(filled, settings, count));
                results.add(used, broker.peer(), HeapUse.mebibytesAfterCollection(filled.jvm()));
              } finally {
                filled.kill();
              }
              RunningBroker again = broker.start(store, FlushMode.ASYNC_FLUSH, options);
              try {
                results.add(recovered, broker.peer(), FirstSend.secondsUntil(again, LIMIT));
                results.add(
                    usedAfter, broker.peer(), HeapUse.mebibytesAfterCollection(again.jvm()));
              } finally {
                again.kill();
              }
            });
      }
    }
  }

  private double secondsToFill(RunningBroker broker, Settings settings, int count)
      throws FigureException, IOException, InterruptedException {
    Load load = new Load(settings);
    try (Jvm generator =
        load.own(
            "MoietyPending",
            Map.of(
                "address",
                broker.nameServerAddress(),
                "count",
                count,
                "bytes",
                BODY_BYTES,
                "halves",
                kind == Kind.HALVES ? 1 : 0))) {
      Double seconds = load.finished(generator).get("seconds");
      broker.jvm().requireAlive();
      if (seconds == null) {
        throw new FigureException("the load generator did not say how long it took");
      }
      return seconds;
    }
  }

  private String label(int count, String what) {
    return "%,d %s (-Xmx%dm): %s".formatted(count, kind.what, kind.heapMebibytes, what);
  }
}
