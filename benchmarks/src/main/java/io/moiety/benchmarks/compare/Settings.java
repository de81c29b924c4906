package io.moiety.benchmarks.compare;

import java.nio.file.Path;
import java.util.List;

/**
 * What a comparison is to do.
 *
 * @param workDirectory takes stores and outputs; on the disk that is to be measured
 * @param classPath of Moiety's own children
 * @param brokers the ones that are compared, each in its turn
 * @param officialLoad class path of load through the client of the broker beside Moiety
 * @param runs how often each figure is measured
 * @param warmUpSeconds before each measured time
 * @param seconds each measured time
 * @param idleSeconds how long an idle broker is watched
 * @param appendMebibytes what is appended to a log in process
 * @param restartMebibytes size of the log that a killed broker is started with
 * @param heapMessages messages in the store of the heap's figure
 */
record Settings(
    Path workDirectory,
    String classPath,
    String officialLoad,
    List<BrokerKind> brokers,
    int runs,
    int warmUpSeconds,
    int seconds,
    int idleSeconds,
    int appendMebibytes,
    int restartMebibytes,
    int heapMessages) {

  Settings {
    brokers = List.copyOf(brokers);
  }

  /** Those that have a store. */
  List<BrokerKind> storing() {
    return brokers.stream().filter(kind -> kind.peer() != Peer.NULL_BROKER).toList();
  }
}
