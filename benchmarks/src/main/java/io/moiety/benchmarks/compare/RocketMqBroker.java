package io.moiety.benchmarks.compare;

import io.moiety.benchmarks.process.FreePorts;
import io.moiety.benchmarks.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Apache RocketMQ's broker with a name server of its own, which is up before the broker is started
 * and not part of its figures. All defaults but ports, paths and the flush mode.
 *
 * @param classPath a directory with the jars of broker, name server and client
 * @param options of the broker's JVM
 */
record RocketMqBroker(Path workDirectory, String classPath, List<String> options)
    implements BrokerKind {

  private static final Duration NAME_SERVER_LIMIT = Duration.ofMinutes(1);

  @Override
  public Peer peer() {
    return Peer.ROCKETMQ;
  }

  @Override
  public RunningBroker start(Path store, FlushMode flushMode, List<String> moreOptions)
      throws IOException, FigureException, InterruptedException {
    int nameServerPort = FreePorts.one();
    Jvm nameServer = nameServer(nameServerPort);
    int port = FreePorts.withNeighbours(2, 1);
    Path config = Files.createTempFile(workDirectory, "rocketmq-", ".properties");
    Files.writeString(
        config,
        """
        brokerClusterName=DefaultCluster
        brokerName=broker-a
        brokerId=0
        brokerIP1=127.0.0.1
        namesrvAddr=127.0.0.1:%d
        listenPort=%d
        haListenPort=%d
        storePathRootDir=%s
        storePathCommitLog=%s/commitlog
        flushDiskType=%s
        autoCreateTopicEnable=true
        """
            .formatted(nameServerPort, port, port + 1, store, store, flushMode));
    List<String> all = new ArrayList<>(options);
    all.addAll(moreOptions);
    long startedNanos = System.nanoTime();
    Jvm jvm = start("rocketmq-broker", all, "org.apache.rocketmq.broker.BrokerStartup", config);
    return new RunningBroker(
        jvm,
        "boot success",
        startedNanos,
        Optional.of(nameServer),
        "127.0.0.1:" + nameServerPort,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private Jvm nameServer(int port) throws IOException, FigureException, InterruptedException {
    Path config = Files.createTempFile(workDirectory, "rocketmq-names-", ".properties");
    Files.writeString(config, "listenPort=" + port + "\n");
    Jvm jvm =
        start(
            "rocketmq-name-server",
            List.of("-Xmx256m"),
            "org.apache.rocketmq.namesrv.NamesrvStartup",
            config);
    jvm.awaitLine("boot success", NAME_SERVER_LIMIT);
    return jvm;
  }

  /** Its logs go under the home directory that it is told. */
  private Jvm start(String name, List<String> jvmOptions, String mainClass, Path config)
      throws IOException {
    List<String> all = new ArrayList<>(jvmOptions);
    all.add("-Duser.home=" + workDirectory);
    return Jvm.start(
        new JavaCommand(
            name,
            all,
            classPath,
            mainClass,
            List.of("-c", config.toString()),
            Map.of("ROCKETMQ_HOME", workDirectory.toString())),
        workDirectory);
  }
}
