package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Transactions of one message: a half message is sent, committed, and its copy visible to
 * consumers, which is what counts. Both brokers with the official client, Moiety also with its own.
 *
 * @param restSeconds after the load, in which needless questions would come
 */
record TransactionFigure(FlushMode flushMode, int restSeconds) implements Figure {

  private static final String TOPIC = "transactions";
  private static final int QUEUES = 4;
  private static final int THREADS = 16;
  private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(30);

  /** Longer than a half message waits for its first question. */
  private static final int USUAL_REST_SECONDS = 15;

  TransactionFigure(FlushMode flushMode) {
    this(flushMode, USUAL_REST_SECONDS);
  }

  @Override
  public String name() {
    return flushMode == FlushMode.ASYNC_FLUSH ? "transactions-async" : "transactions-sync";
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      measure(settings, results, kind, "the official client", true);
      if (kind.peer() == Peer.MOIETY) {
        measure(settings, results, kind, "its own client", false);
      }
    }
  }

  private void measure(
      Settings settings, Results results, BrokerKind kind, String client, boolean official)
      throws InterruptedException {
    Row rate = official ? official() : own();
    Attempt.of(
        settings,
        results,
        kind.peer(),
        List.of(rate),
        store -> {
          try (RunningBroker broker = kind.start(store, flushMode, List.of())) {
            broker.awaitReady();
            Load load = new Load(settings);
            Map<String, ?> arguments = arguments(settings);
            VisibleMessages visible = new VisibleMessages(broker.address(), TOPIC, QUEUES);
            try (Jvm generator =
                official
                    ? load.official("OfficialTransactions", broker, arguments)
                    : load.moiety("MoietyTransactions", broker, arguments)) {
              Load.Outcome outcome = load.measured(generator, settings.seconds(), visible::count);
              long begun = Math.round(outcome.number("begun"));
              long surplus = awaitVisible(visible, begun) - begun;
              double perSecond = (double) outcome.counted() / settings.seconds();
              results.add(rate, kind.peer(), perSecond);
              if (kind.peer() == Peer.ROCKETMQ) {
                results.add(own(), kind.peer(), perSecond);
              }
              results.add(surplus(client), kind.peer(), (double) surplus);
              results.add(questions(client), kind.peer(), outcome.number("questions"));
            }
          }
        });
  }

  private Map<String, ?> arguments(Settings settings) {
    return Map.of(
        "topic",
        TOPIC,
        "threads",
        THREADS,
        "bytes",
        1024,
        "rest",
        restSeconds,
        "warmUp",
        settings.warmUpSeconds(),
        "seconds",
        settings.seconds());
  }

  /** Returns what is visible when nothing is missing any more. */
  private static long awaitVisible(VisibleMessages visible, long begun)
      throws FigureException, IOException, InterruptedException {
    long until = System.nanoTime() + VISIBLE_LIMIT.toNanos();
    long count = visible.count();
    while (count < begun) {
      if (System.nanoTime() > until) {
        throw new FigureException(
            "%d of %d committed messages are not visible after %d s"
                .formatted(begun - count, begun, VISIBLE_LIMIT.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
      count = visible.count();
    }
    return count;
  }

  private Row official() {
    return new Row(
        "transactions of one message of 1 KiB, visible, official client, %s, %d threads"
            .formatted(flushMode.title(), THREADS),
        "1/s",
        new Goal.Times(1.3));
  }

  private Row own() {
    return new Row(
        "the same, each broker's own client, %s".formatted(flushMode.title()),
        "1/s",
        new Goal.Times(2));
  }

  private Row surplus(String client) {
    return new Row(
        "visible more than once, with %s, %s".formatted(client, flushMode.title()),
        "",
        new Goal.AtMost(0));
  }

  private Row questions(String client) {
    return new Row(
        "needless questions for the outcome, with %s, %s".formatted(client, flushMode.title()),
        "",
        new Goal.AtMost(0));
  }
}
