package io.moiety.benchmarks.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From the intended time of a send to the consumer's listener, at a rate that waits for nothing.
 */
record EndToEndFigure() implements Figure {

  private static final int RATE = 2_000;
  private static final Row P50 =
      new Row("end to end at 2,000/s, official client: p50", "ms", new Goal.AtMost(0.5));
  private static final Row P99 =
      new Row("end to end at 2,000/s, official client: p99", "ms", new Goal.AtMost(3));
  private static final Row MAX = Row.told("end to end at 2,000/s: the slowest", "ms");

  @Override
  public String name() {
    return "end-to-end";
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          List.of(P50, P99),
          store -> {
            try (RunningBroker broker = kind.start(store, FlushMode.ASYNC_FLUSH, List.of())) {
              broker.awaitReady();
              Load load = new Load(settings);
              try (Jvm generator =
                  load.official(
                      "OfficialEndToEnd",
                      broker,
                      Map.of(
                          "rate",
                          RATE,
                          "warmUp",
                          2 * settings.warmUpSeconds(),
                          "seconds",
                          settings.seconds()))) {
                Load.Outcome outcome =
                    load.measured(generator, settings.seconds(), Optional.of(broker));
                results.add(P50, kind.peer(), outcome.number("p50"));
                results.add(P99, kind.peer(), outcome.number("p99"));
                results.add(MAX, kind.peer(), outcome.number("max"));
              }
            }
          });
    }
  }
}
