package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.process.FreePorts;
import io.moiety.benchmarks.process.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;

/**
 * The broker of a run, started again on the same store and port after each kill. For one thread.
 */
final class BrokerChild implements AutoCloseable {
  private final RunDirectory run;
  private final String classPath;
  private final int port;
  private Child child;

  private BrokerChild(RunDirectory run, String classPath, int port, Child child) {
    this.run = run;
    this.classPath = classPath;
    this.port = port;
    this.child = child;
  }

  static BrokerChild start(RunDirectory run, String classPath) throws IOException {
    int port = FreePorts.one();
    Files.writeString(
        run.brokerProperties(),
        """
        listenPort=%d
        bindAddress=127.0.0.1
        brokerIP1=127.0.0.1
        storePathRootDir=%s
        flushDiskType=SYNC_FLUSH
        mappedFileSizeCommitLog=9437184
        maxStoreBytes=268435456
        snapshotIntervalBytes=1048576
        transactionTimeOut=1000
        transactionCheckInterval=1000
        transactionCheckMax=5
        """
            .formatted(port, run.store()));
    return new BrokerChild(run, classPath, port, child(run, classPath));
  }

  private static Child child(RunDirectory run, String classPath) throws IOException {
    return Child.start(
        JavaCommand.ofBroker(Child.OPTIONS, classPath, run.brokerProperties()), run.brokerLog());
  }

  int port() {
    return port;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** False when it ended by itself, which it never should. */
  boolean isAlive() {
    return child.isAlive();
  }

  void kill() throws InterruptedException {
    child.kill();
  }

  /** After a kill. It serves some time after this returns. */
  void startAgain() throws IOException {
    child = child(run, classPath);
  }

  @Override
  public void close() throws InterruptedException {
    child.close();
  }
}
