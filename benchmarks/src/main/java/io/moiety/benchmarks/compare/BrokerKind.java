package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One of the brokers that are compared, and how it is started. */
interface BrokerKind {

  Peer peer();

  /**
   * Starts it over a store, which may hold something from an earlier run, and returns at once.
   *
   * @param options of its JVM, after those that it has anyway
   */
  RunningBroker start(Path store, FlushMode flushMode, List<String> options)
      throws IOException, FigureException, InterruptedException;
}
