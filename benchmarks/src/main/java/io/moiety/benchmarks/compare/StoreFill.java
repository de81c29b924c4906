package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a broker's store is filled with, by the official client, before it is looked at or started
 * again: batches of messages over topics of four queues each.
 *
 * @param batch messages in one batch
 * @param bytes of each body
 */
record StoreFill(int topics, int batches, int batch, int bytes) {

  private static final int QUEUES = 4;

  /** Sends it all; returns how many seconds that took. */
  double into(RunningBroker broker, Settings settings)
      throws FigureException, IOException, InterruptedException {
    Load load = new Load(settings);
    try (Jvm generator =
        load.official(
            "OfficialFill",
            broker,
            Map.of(
                "topics", topics,
                "queues", QUEUES,
                "batches", batches,
                "batch", batch,
                "bytes", bytes))) {
      Double seconds = load.finished(generator).get("seconds");
      broker.jvm().requireAlive();
      if (seconds == null) {
        throw new FigureException("the load generator did not say how long it took");
      }
      return seconds;
    }
  }

  /** Seconds that a broker takes over the store that it has, to its first stored message. */
  static double secondsOfStart(BrokerKind kind, Path store, List<String> options, Duration limit)
      throws FigureException, IOException, InterruptedException {
    RunningBroker broker = kind.start(store, FlushMode.ASYNC_FLUSH, options);
    try {
      return FirstSend.secondsUntil(broker, limit);
    } finally {
      broker.kill();
    }
  }
}
