package io.moiety.benchmarks.torture;

import java.time.Duration;

/**
 * What a run is to be.
 *
 * @param duration for which transactions go on and processes are killed
 * @param threads of all client processes together
 * @param killMillis how long on average from one kill to the next
 * @param brokerClassPath {@code moiety.jar}
 * @param clientClassPath of the client processes
 */
record Settings(
    long seed,
    Duration duration,
    int processes,
    int threads,
    long killMillis,
    String brokerClassPath,
    String clientClassPath) {

  int threadsOf(int process) {
    return threads / processes + (process < threads % processes ? 1 : 0);
  }
}
