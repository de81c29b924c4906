package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Synchronous sends of 1 KiB through the official client, and what one costs the broker. */
record SendFigure(FlushMode flushMode) implements Figure {

  private static final int[] THREADS = {1, 16, 64};
  private static final int BODY_BYTES = 1024;
  private static final double SHARE_OF_CEILING = 85;

  @Override
  public String name() {
    return flushMode == FlushMode.ASYNC_FLUSH ? "send-async" : "send-sync";
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    List<BrokerKind> kinds =
        flushMode == FlushMode.ASYNC_FLUSH ? settings.brokers() : settings.storing();
    results.announce(allRows(kinds));
    double[] ceiling = new double[THREADS.length];
    for (BrokerKind kind : inOrder(kinds)) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          rows(),
          store -> {
            try (RunningBroker broker = kind.start(store, flushMode, List.of())) {
              broker.awaitReady();
              measure(settings, results, kind.peer(), broker, ceiling);
            }
          });
    }
  }

  /** The ceiling first, and Moiety next to it, whose share of it is told. */
  private static List<BrokerKind> inOrder(List<BrokerKind> kinds) {
    return kinds.stream().sorted(Comparator.comparing(BrokerKind::peer).reversed()).toList();
  }

  private void measure(
      Settings settings, Results results, Peer peer, RunningBroker broker, double[] ceiling)
      throws FigureException, IOException, InterruptedException {
    Load load = new Load(settings);
    for (int i = 0; i < THREADS.length; i++) {
      try (Jvm generator =
          load.official(
              "OfficialSends",
              broker,
              Map.of(
                  "threads",
                  THREADS[i],
                  "bytes",
                  BODY_BYTES,
                  "warmUp",
                  settings.warmUpSeconds(),
                  "seconds",
                  settings.seconds()))) {
        Load.Outcome outcome = load.measured(generator, settings.seconds(), broker::cpuMillis);
        double rate = outcome.number("rate");
        results.add(rate(THREADS[i]), peer, rate);
        results.add(cpu(THREADS[i]), peer, outcome.counted() * 1000.0 / outcome.number("count"));
        if (peer == Peer.NULL_BROKER) {
          ceiling[i] = rate;
        } else if (ceiling[i] > 0) {
          results.add(share(THREADS[i]), peer, 100 * rate / ceiling[i]);
        }
      }
    }
  }

  private List<Row> allRows(List<BrokerKind> kinds) {
    boolean hasCeiling = kinds.stream().anyMatch(kind -> kind.peer() == Peer.NULL_BROKER);
    List<Row> all = new ArrayList<>();
    for (int threads : THREADS) {
      all.add(rate(threads));
      if (hasCeiling) {
        all.add(share(threads));
      }
      all.add(cpu(threads));
    }
    return all;
  }

  /** What is missing when a broker fails. */
  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int threads : THREADS) {
      rows.add(rate(threads));
    }
    return rows;
  }

  private Row rate(int threads) {
    return new Row(
        "official client, sync send 1 KiB, %s, %s".formatted(flushMode.title(), count(threads)),
        "1/s",
        new Goal.Times(threads == 1 ? 2 : 1.5));
  }

  private Row share(int threads) {
    return new Row(
        "the same, %s: of what the null broker lets the client do".formatted(count(threads)),
        "%",
        new Goal.AtLeast(SHARE_OF_CEILING));
  }

  private Row cpu(int threads) {
    return Row.told(
        "the broker's CPU for a message, %s, %s".formatted(flushMode.title(), count(threads)),
        "µs");
  }

  private static String count(int threads) {
    return threads == 1 ? "1 thread" : threads + " threads";
  }
}
