package io.moiety.benchmarks.compare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long messages of the official client took, under a load that announces it.
 *
 * @param load the generator's class
 * @param arguments of the generator, besides the times
 * @param warmUps how many of the usual warm-up times it needs
 */
record LatencyFigure(
    String name, String load, Map<String, ?> arguments, int warmUps, List<Told> told)
    implements Figure {

  private static final int RATE = 2_000;
  private static final int DELAYED_RATE = 500;

  LatencyFigure {
    arguments = Map.copyOf(arguments);
    told = List.copyOf(told);
  }

  /**
   * A line of the table.
   *
   * @param number its name with the generator
   */
  record Told(String number, Row row) {

    static Told of(String number, String label, Goal goal) {
      return new Told(number, new Row(label, "ms", goal));
    }
  }

  /** From the intended time of a send to the listener, at a rate that waits for nothing. */
  static LatencyFigure endToEnd() {
    return new LatencyFigure(
        "end-to-end",
        "OfficialEndToEnd",
        Map.of("rate", RATE, "delay", "NONE"),
        2,
        List.of(
            Told.of("p50", "end to end at 2,000/s, official client: p50", new Goal.AtMost(0.5)),
            Told.of("p99", "end to end at 2,000/s, official client: p99", new Goal.AtMost(3)),
            Told.of("max", "end to end at 2,000/s: the slowest", new Goal.None())));
  }

  /** From a send to the listener of a push consumer that waits at the broker. */
  static LatencyFigure wake() {
    return new LatencyFigure(
        "wake",
        "OfficialWake",
        Map.of(),
        1,
        List.of(
            Told.of(
                "p50", "a message to a consumer at rest, official client: p50", new Goal.AtMost(2)),
            Told.of("p99", "a message to a consumer at rest: p99", new Goal.None())));
  }

  /** From the time that a message with a delay level was due to the listener. */
  static LatencyFigure delayLevel() {
    return delayed("delay-level", "LEVEL", "delay level 1 at 500/s");
  }

  /** From the time that a message with an exact time of delivery was due to the listener. */
  static LatencyFigure delayExact() {
    return delayed("delay-exact", "EXACT", "exact delivery time at 500/s");
  }

  private static LatencyFigure delayed(String name, String delay, String what) {
    return new LatencyFigure(
        name,
        "OfficialEndToEnd",
        Map.of("rate", DELAYED_RATE, "delay", delay),
        2,
        List.of(
            Told.of("min", what + ", late: the least (never early)", new Goal.AtLeast(0)),
            Told.of("p50", what + ", late: p50", new Goal.AtMost(0.7)),
            Told.of("p99", what + ", late: p99", new Goal.AtMost(2)),
            Told.of("max", what + ", late: the most", new Goal.None())));
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          told.stream().map(Told::row).toList(),
          store -> {
            try (RunningBroker broker = kind.start(store, FlushMode.ASYNC_FLUSH, List.of())) {
              broker.awaitReady();
              Load generators = new Load(settings);
              try (Jvm generator = generators.official(load, broker, allArguments(settings))) {
                Load.Outcome outcome =
                    generators.measured(generator, settings.seconds(), broker::cpuMillis);
                for (Told one : told) {
                  results.add(one.row(), kind.peer(), outcome.number(one.number()));
                }
              }
            }
          });
    }
  }

  private Map<String, Object> allArguments(Settings settings) {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("warmUp", warmUps * settings.warmUpSeconds());
    all.put("seconds", settings.seconds());
    return all;
  }
}
