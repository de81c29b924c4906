package io.moiety.benchmarks.compare;

import io.moiety.benchmarks.process.FreePorts;
import io.moiety.benchmarks.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moiety's own broker, as it is shipped.
 *
 * @param classPath {@code moiety.jar}
 * @param options of its JVM
 */
record MoietyBroker(Path workDirectory, String classPath, List<String> options)
    implements BrokerKind {

  @Override
  public Peer peer() {
    return Peer.MOIETY;
  }

  @Override
  public RunningBroker start(Path store, FlushMode flushMode, List<String> moreOptions)
      throws IOException {
    return start(store, flushMode, moreOptions, Map.of());
  }

  /**
   * As {@link #start(Path, FlushMode, List)}.
   *
   * @param properties of the broker, after those that it has anyway
   */
  RunningBroker start(
      Path store, FlushMode flushMode, List<String> moreOptions, Map<String, ?> properties)
      throws IOException {
    int port = FreePorts.one();
    Path config = Files.createTempFile(workDirectory, "moiety-", ".properties");
    Files.writeString(
        config,
        """
        listenPort=%d
        bindAddress=127.0.0.1
        storePathRootDir=%s
        flushDiskType=%s
        defaultTopicQueueNums=4
        """
            .formatted(port, store, flushMode));
    for (Map.Entry<String, ?> property : properties.entrySet()) {
      Files.writeString(
          config, property.getKey() + "=" + property.getValue() + "\n", StandardOpenOption.APPEND);
    }
    List<String> all = new ArrayList<>(options);
    all.addAll(moreOptions);
    long startedNanos = System.nanoTime();
    Jvm jvm = Jvm.start(JavaCommand.ofBroker(all, classPath, config), workDirectory);
    return new RunningBroker(
        jvm,
        "is ready on",
        startedNanos,
        Optional.empty(),
        "127.0.0.1:" + port,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }
}
