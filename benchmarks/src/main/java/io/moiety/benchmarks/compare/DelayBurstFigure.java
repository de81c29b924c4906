package io.moiety.benchmarks.compare;

import java.util.List;
import java.util.Map;

/** 20,000 messages that are due in the same millisecond, beside as many without a delay. */
record DelayBurstFigure() implements Figure {

  private static final int BURST_LIMIT_SECONDS = 90;

  private static final Row PLAIN =
      Row.told("20,000 messages of 1 KiB sent, official client, 16 threads", "1/s");
  private static final Row DELIVERED =
      Row.told("20,000 messages due at once: until the last is at the listener", "1/s");
  private static final Row SHARE =
      new Row(
          "20,000 messages due at once: share of the rate of sending", "%", new Goal.AtLeast(50));
  private static final Row EARLY =
      new Row("20,000 messages due at once: received early", "", new Goal.AtMost(0));

  @Override
  public String name() {
    return "delay-burst";
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          List.of(PLAIN, DELIVERED, SHARE, EARLY),
          store -> {
            try (RunningBroker broker = kind.start(store, FlushMode.ASYNC_FLUSH, List.of())) {
              broker.awaitReady();
              Load load = new Load(settings);
              try (Jvm generator = load.official("OfficialBurst", broker, Map.of())) {
                Load.Outcome outcome =
                    load.measured(generator, BURST_LIMIT_SECONDS, broker::cpuMillis);
                double plain = outcome.number("plain");
                double delivered = outcome.number("delivered");
                results.add(PLAIN, kind.peer(), plain);
                results.add(DELIVERED, kind.peer(), delivered);
                results.add(SHARE, kind.peer(), 100 * delivered / plain);
                results.add(EARLY, kind.peer(), outcome.number("early"));
              }
            }
          });
    }
  }
}
