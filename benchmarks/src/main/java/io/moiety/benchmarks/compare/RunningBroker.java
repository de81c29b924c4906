package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A broker that was started, and its name server where it needs one.
 *
 * @param readyText what it prints when it serves
 * @param startedNanos when its process was begun, a {@link System#nanoTime}
 * @param nameServerAddress what clients are given
 * @param address where it takes sends itself
 */
record RunningBroker(
    Jvm jvm,
    String readyText,
    long startedNanos,
    Optional<Jvm> nameServer,
    String nameServerAddress,
    InetSocketAddress address)
    implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(10);

  void awaitReady() throws FigureException, InterruptedException {
    jvm.awaitLine(readyText, START_LIMIT);
  }

  /**
   * What its process has used.
   *
   * @throws FigureException when it has ended
   */
  long cpuMillis() throws FigureException, IOException {
    jvm.requireAlive();
    return jvm.usage().cpuMillis();
  }

  /** SIGKILL to the broker; the name server ends, too. */
  void kill() throws InterruptedException {
    jvm.kill();
    close();
  }

  @Override
  public void close() throws InterruptedException {
    jvm.close();
    if (nameServer.isPresent()) {
      nameServer.get().close();
    }
  }
}
