package io.moiety.benchmarks.compare;

import io.moiety.benchmarks.process.FreePorts;
import io.moiety.benchmarks.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Apache ActiveMQ Artemis' broker with the settings that {@code artemis create} writes, without
 * logins and with its own protocol only. Under {@code ASYNC_FLUSH} it writes its journal before it
 * answers and does not force it, as {@code artemis create --no-fsync}.
 *
 * @param classPath a directory with the jars of the broker
 * @param options of its JVM
 */
record ArtemisBroker(Path workDirectory, String classPath, List<String> options)
    implements BrokerKind {

  /** As in the logging configuration that {@code artemis create} writes: else a line a message. */
  private static final String NO_AUDIT_LOG =
      "-Dorg.slf4j.simpleLogger.log.org.apache.activemq.audit=off";

  @Override
  public Peer peer() {
    return Peer.ARTEMIS;
  }

  /** The journal is kept on the native library where it and libaio are there, else on NIO. */
  @Override
  public RunningBroker start(Path store, FlushMode flushMode, List<String> moreOptions)
      throws IOException {
    int port = FreePorts.one();
    Path home = Files.createDirectories(store.resolve("artemis"));
    Path config = Files.createDirectories(home.resolve("etc")).resolve("broker.xml");
    Files.writeString(config, configuration(home, port, flushMode));
    List<String> all = new ArrayList<>(options);
    all.add(NO_AUDIT_LOG);
    all.addAll(moreOptions);
    long startedNanos = System.nanoTime();
    Jvm jvm =
        Jvm.start(
            new JavaCommand(
                "artemis-broker",
                all,
                classPath,
                "org.apache.activemq.artemis.core.server.embedded.Main",
                List.of(home.toString())),
            workDirectory);
    return new RunningBroker(
        jvm,
        "AMQ221007",
        startedNanos,
        Optional.empty(),
        "tcp://127.0.0.1:" + port,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static String configuration(Path home, int port, FlushMode flushMode) throws IOException {
    long bufferTimeoutNanos = JournalTimeout.nanos(home, flushMode);
    return """
        <configuration xmlns="urn:activemq">
          <core xmlns="urn:activemq:core">
            <name>benchmark</name>
            <persistence-enabled>true</persistence-enabled>
            <security-enabled>false</security-enabled>
            <journal-type>ASYNCIO</journal-type>
            <paging-directory>%1$s/paging</paging-directory>
            <bindings-directory>%1$s/bindings</bindings-directory>
            <journal-directory>%1$s/journal</journal-directory>
            <large-messages-directory>%1$s/large-messages</large-messages-directory>
            <journal-datasync>%2$s</journal-datasync>
            <journal-min-files>2</journal-min-files>
            <journal-pool-files>10</journal-pool-files>
            <journal-device-block-size>4096</journal-device-block-size>
            <journal-file-size>10M</journal-file-size>
            <journal-buffer-timeout>%3$d</journal-buffer-timeout>
            <page-sync-timeout>%3$d</page-sync-timeout>
            <acceptors>
              <acceptor name="core">tcp://127.0.0.1:%4$d?tcpSendBufferSize=1048576;tcpReceiveBufferSize=1048576;useEpoll=true;protocols=CORE</acceptor>
            </acceptors>
            <address-settings>
              <address-setting match="#">
                <redelivery-delay>0</redelivery-delay>
                <max-size-bytes>-1</max-size-bytes>
                <message-counter-history-day-limit>10</message-counter-history-day-limit>
                <address-full-policy>PAGE</address-full-policy>
                <auto-create-queues>true</auto-create-queues>
                <auto-create-addresses>true</auto-create-addresses>
                <auto-delete-queues>false</auto-delete-queues>
                <auto-delete-addresses>false</auto-delete-addresses>
              </address-setting>
            </address-settings>
          </core>
        </configuration>
        """
        .formatted(
            home.resolve("data"), flushMode == FlushMode.SYNC_FLUSH, bufferTimeoutNanos, port);
  }
}
