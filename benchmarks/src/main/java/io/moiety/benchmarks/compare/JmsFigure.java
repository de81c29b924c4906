package io.moiety.benchmarks.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A load that is written once against Jakarta Messaging, on each broker through its own provider.
 *
 * @param load the generator's class
 * @param arguments of the generator, besides the times
 * @param toReceivePerSecond how many messages the load needs beforehand, for each second
 */
record JmsFigure(
    String name,
    FlushMode flushMode,
    String load,
    Map<String, ?> arguments,
    int toReceivePerSecond,
    List<LatencyFigure.Told> told)
    implements Figure {

  private static final int BODY_BYTES = 1024;

  private static final String CONFIRMED_DRAIN = "drain-confirmed";

  // Those of jakarta.jms.Session, which is not on this class path.
  private static final int AUTO_ACKNOWLEDGE = 1;
  private static final int DUPS_OK_ACKNOWLEDGE = 3;

  /** For each second that a listener is to be busy, which waits for answers, or does not. */
  private static final int DRAINED_PER_SECOND = 30_000;

  private static final int DRAINED_LAZILY_PER_SECOND = 90_000;

  /** More than is received in a second in transactions of one message. */
  private static final int RECEIVED_PER_SECOND = 20_000;

  JmsFigure {
    arguments = Map.copyOf(arguments);
    told = List.copyOf(told);
  }

  /** All of them, with syncs and without. */
  static List<Figure> all() {
    List<Figure> all = new ArrayList<>();
    for (FlushMode flushMode : List.of(FlushMode.SYNC_FLUSH, FlushMode.ASYNC_FLUSH)) {
      for (int threads : List.of(1, 16, 64)) {
        all.add(sends(flushMode, threads));
      }
      all.add(commits(flushMode, 1));
      all.add(commits(flushMode, 16));
      all.add(drain(flushMode));
      all.add(confirmedDrain(flushMode));
      all.add(lazyDrain(flushMode));
      all.add(transactedReceives(flushMode));
      all.add(endToEnd(flushMode));
      all.add(delivery(flushMode));
      all.add(xa(flushMode, 1));
      all.add(xa(flushMode, 16));
      all.add(requests(flushMode));
    }
    return all;
  }

  /** Each send waits for its answer. */
  static JmsFigure sends(FlushMode flushMode, int threads) {
    return closed(
        "send-" + threads,
        "JmsSends",
        "persistent send of 1 KiB",
        flushMode,
        Map.of("threads", threads, "transacted", 0),
        0);
  }

  /** Transactions of one message that is sent. */
  static JmsFigure commits(FlushMode flushMode, int threads) {
    return closed(
        "commit-" + threads,
        "JmsSends",
        "transacted send and commit",
        flushMode,
        Map.of("threads", threads, "transacted", 1),
        0);
  }

  /** A full queue to one listener, as the providers acknowledge by themselves. */
  static JmsFigure drain(FlushMode flushMode) {
    return drain("drain", "AUTO_ACKNOWLEDGE", AUTO_ACKNOWLEDGE, DRAINED_PER_SECOND, flushMode);
  }

  /** The same, with a next message only when the last one's acknowledgement is confirmed. */
  static JmsFigure confirmedDrain(FlushMode flushMode) {
    return drain(
        CONFIRMED_DRAIN,
        "each AUTO_ACKNOWLEDGE confirmed",
        AUTO_ACKNOWLEDGE,
        DRAINED_PER_SECOND,
        flushMode);
  }

  /** The same, where several may come again after a failure. */
  static JmsFigure lazyDrain(FlushMode flushMode) {
    return drain(
        "drain-lazy",
        "DUPS_OK_ACKNOWLEDGE",
        DUPS_OK_ACKNOWLEDGE,
        DRAINED_LAZILY_PER_SECOND,
        flushMode);
  }

  private static JmsFigure drain(
      String name, String how, int acknowledgeMode, int messagesPerSecond, FlushMode flushMode) {
    return new JmsFigure(
        name(name, flushMode),
        flushMode,
        "JmsDrain",
        Map.of("acknowledgeMode", acknowledgeMode),
        messagesPerSecond,
        List.of(rate("a full queue to one listener, " + how + ", " + flushMode.title())));
  }

  /** Transactions of one message that is received. */
  static JmsFigure transactedReceives(FlushMode flushMode) {
    return closed(
        "receive",
        "JmsTransactedReceives",
        "transacted receive and commit",
        flushMode,
        Map.of("threads", 1),
        RECEIVED_PER_SECOND);
  }

  /** From the time that a send was due to the listener. */
  static JmsFigure endToEnd(FlushMode flushMode) {
    return new JmsFigure(
        name("latency", flushMode),
        flushMode,
        "JmsEndToEnd",
        Map.of("rate", 1_000, "delayMillis", 0),
        0,
        latencies("end to end at 1,000/s, " + flushMode.title()));
  }

  /** From the time that a message was to be delivered to the listener. */
  static JmsFigure delivery(FlushMode flushMode) {
    String what = "delivery delay of 1 s at 500/s, late, " + flushMode.title();
    List<LatencyFigure.Told> told = new ArrayList<>();
    told.add(LatencyFigure.Told.of("min", what + ": the least (never early)", new Goal.AtLeast(0)));
    told.addAll(latencies(what));
    return new JmsFigure(
        name("delay", flushMode),
        flushMode,
        "JmsEndToEnd",
        Map.of("rate", 500, "delayMillis", 1_000),
        0,
        told);
  }

  /** Two-phase transactions of a send and a second resource. */
  static JmsFigure xa(FlushMode flushMode, int threads) {
    return closed(
        "xa-" + threads,
        "JmsXaSends",
        "XA by Narayana, a send and a dummy resource",
        flushMode,
        Map.of("threads", threads),
        0);
  }

  /** Non-persistent requests, each waiting for its reply. */
  static JmsFigure requests(FlushMode flushMode) {
    return closed(
        "request",
        "JmsRequests",
        "request and reply, non-persistent",
        flushMode,
        Map.of("threads", 1),
        0);
  }

  private static JmsFigure closed(
      String name,
      String load,
      String what,
      FlushMode flushMode,
      Map<String, Integer> arguments,
      int toReceivePerSecond) {
    int threads = arguments.getOrDefault("threads", 1);
    String counted = threads == 1 ? "1 thread" : threads + " threads";
    return new JmsFigure(
        name(name, flushMode),
        flushMode,
        load,
        arguments,
        toReceivePerSecond,
        List.of(rate("%s, %s, %s".formatted(what, flushMode.title(), counted))));
  }

  private static String name(String name, FlushMode flushMode) {
    return "jms-" + name + (flushMode == FlushMode.SYNC_FLUSH ? "-sync" : "-async");
  }

  private static LatencyFigure.Told rate(String label) {
    return new LatencyFigure.Told("rate", new Row(label, "1/s", new Goal.Times(1)));
  }

  private static List<LatencyFigure.Told> latencies(String what) {
    return List.of(
        LatencyFigure.Told.of("p50", what + ": p50", new Goal.NoMore()),
        LatencyFigure.Told.of("p99", what + ": p99", new Goal.NoMore()));
  }

  private boolean isXa() {
    return load.equals("JmsXaSends");
  }

  private boolean isConfirmed() {
    return name.equals(name(CONFIRMED_DRAIN, flushMode));
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          told.stream().map(LatencyFigure.Told::row).toList(),
          store -> {
            try (RunningBroker broker = kind.start(store, flushMode, List.of())) {
              broker.awaitReady();
              Load generators = new Load(settings);
              Map<String, Object> all = allArguments(settings, store.resolve("transactions"));
              JmsProvider provider = JmsProvider.of(kind.peer());
              all.put("factory", isXa() ? provider.xaFactory() : provider.factory());
              all.put("options", isConfirmed() ? provider.confirming() : "");
              try (Jvm generator = generators.jms(load, broker, kind.peer(), all)) {
                Load.Outcome outcome =
                    generators.measured(generator, settings.seconds(), broker::cpuMillis);
                for (LatencyFigure.Told one : told) {
                  results.add(one.row(), kind.peer(), outcome.number(one.number()));
                }
              }
            }
          });
    }
  }

  private Map<String, Object> allArguments(Settings settings, Path transactions) {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("bytes", BODY_BYTES);
    all.put("messages", toReceivePerSecond * (settings.warmUpSeconds() + settings.seconds()));
    all.put("transactions", transactions);
    all.put("warmUp", settings.warmUpSeconds());
    all.put("seconds", settings.seconds());
    return all;
  }
}
