package io.moiety.benchmarks.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a send to the listener of a push consumer that waits at the broker. */
record WakeFigure() implements Figure {

  private static final Row P50 =
      new Row("a message to a consumer at rest, official client: p50", "ms", new Goal.AtMost(2));
  private static final Row P99 = Row.told("a message to a consumer at rest: p99", "ms");

  @Override
  public String name() {
    return "wake";
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
                      "OfficialWake",
                      broker,
                      Map.of("warmUp", settings.warmUpSeconds(), "seconds", settings.seconds()))) {
                Load.Outcome outcome =
                    load.measured(generator, settings.seconds(), Optional.of(broker));
                results.add(P50, kind.peer(), outcome.number("p50"));
                results.add(P99, kind.peer(), outcome.number("p99"));
              }
            }
          });
    }
  }
}
