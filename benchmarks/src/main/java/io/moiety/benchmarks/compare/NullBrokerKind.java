package io.moiety.benchmarks.compare;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.process.FreePorts;
import io.moiety.benchmarks.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The broker that only answers. Its store and flush mode have no meaning. */
record NullBrokerKind(Path workDirectory, String classPath) implements BrokerKind {

  @Override
  public Peer peer() {
    return Peer.NULL_BROKER;
  }

  @Override
  public RunningBroker start(Path store, FlushMode flushMode, List<String> moreOptions)
      throws IOException {
    int port = FreePorts.one();
    List<String> options = new ArrayList<>(List.of("-Xmx512m"));
    options.addAll(moreOptions);
    long startedNanos = System.nanoTime();
    Jvm jvm =
        Jvm.start(
            new JavaCommand(
                "null-broker",
                options,
                classPath,
                "io.moiety.benchmarks.child.NullBroker",
                List.of("port=" + port),
                Map.of()),
            workDirectory);
    return new RunningBroker(
        jvm,
        Announcer.READY,
        startedNanos,
        Optional.empty(),
        "127.0.0.1:" + port,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }
}
