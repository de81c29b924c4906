package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Moiety's client on Moiety's broker, each thread waiting for its answer, beside the official
 * client on RocketMQ's broker.
 */
record ClientFigure(int threads) implements Figure {

  @Override
  public String name() {
    return "client-" + threads;
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          List.of(row()),
          store -> {
            try (RunningBroker broker = kind.start(store, FlushMode.ASYNC_FLUSH, List.of())) {
              broker.awaitReady();
              Load load = new Load(settings);
              try (Jvm generator = generator(settings, load, broker, kind.peer())) {
                Load.Outcome outcome =
                    load.measured(generator, settings.seconds(), broker::cpuMillis);
                results.add(row(), kind.peer(), outcome.number("rate"));
              }
            }
          });
    }
  }

  private Jvm generator(Settings settings, Load load, RunningBroker broker, Peer peer)
      throws IOException {
    Map<String, Integer> arguments =
        Map.of(
            "threads",
            threads,
            "bytes",
            1024,
            "warmUp",
            settings.warmUpSeconds(),
            "seconds",
            settings.seconds());
    return peer == Peer.MOIETY
        ? load.moiety("MoietySends", broker, arguments)
        : load.official("OfficialSends", broker, arguments);
  }

  private Row row() {
    return new Row(
        "each broker's own client, send 1 KiB, async flush, %s"
            .formatted(threads == 1 ? "1 thread" : threads + " threads"),
        "1/s",
        threads == 1 ? new Goal.Times(3) : new Goal.None());
  }
}
