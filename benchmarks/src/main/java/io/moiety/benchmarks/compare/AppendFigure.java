package io.moiety.benchmarks.compare;

import java.util.List;
import java.util.Map;

/**
 * Appends to Moiety's commit log in process, beside a plain sequential write of as much to the same
 * disk. RocketMQ's log cannot be had without its broker.
 */
record AppendFigure() implements Figure {

  private static final int SEGMENT_MEBIBYTES = 256;
  private static final int MEBIBYTES_PER_SECOND_AT_LEAST = 4;
  private static final Row PLAIN = Row.told("plain sequential write, forced each 64 MiB", "MiB/s");
  private static final Row RATE = Row.told("append 1 KiB in process", "1/s");
  private static final Row BYTES = Row.told("append 1 KiB in process: the log grew", "MiB/s");
  private static final Row SHARE =
      new Row(
          "append 1 KiB in process: share of the plain sequential write",
          "%",
          new Goal.AtLeast(80));
  private static final Row P9999 =
      new Row("append 1 KiB in process: p99.99", "ms", new Goal.AtMost(5));
  private static final Row MAX = Row.told("append 1 KiB in process: the slowest", "ms");
  private static final Row REFUSED =
      Row.told("append 1 KiB in process: refused for want of prepared room, tried again", "");

  @Override
  public String name() {
    return "append";
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    Attempt.of(
        settings,
        results,
        Peer.MOIETY,
        List.of(SHARE, P9999),
        store -> {
          double plain = SequentialWrite.mebibytesPerSecond(store, settings.appendMebibytes());
          PageCache.write();
          Load load = new Load(settings);
          try (Jvm child =
              load.own(
                  "Appends",
                  Map.of(
                      "directory", store,
                      "mebibytes", settings.appendMebibytes(),
                      "segmentMebibytes", SEGMENT_MEBIBYTES))) {
            Load.Outcome outcome =
                load.measured(
                    child,
                    settings.appendMebibytes() / MEBIBYTES_PER_SECOND_AT_LEAST,
                    Load.Counter.NONE);
            double grown = outcome.number("mebibytesPerSecond");
            results.add(PLAIN, Peer.MOIETY, plain);
            results.add(RATE, Peer.MOIETY, outcome.number("rate"));
            results.add(BYTES, Peer.MOIETY, grown);
            results.add(SHARE, Peer.MOIETY, 100 * grown / plain);
            results.add(P9999, Peer.MOIETY, outcome.number("p9999"));
            results.add(MAX, Peer.MOIETY, outcome.number("max"));
            results.add(REFUSED, Peer.MOIETY, outcome.number("refused"));
          }
        });
  }
}
