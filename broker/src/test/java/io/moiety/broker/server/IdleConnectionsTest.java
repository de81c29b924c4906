package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many connections that were used once and are silent since. {@code -Dmoiety.idleConnections=10000}
 * tries as many as a broker takes by default; the operating system must allow the process twice as
 * many open files.
 */
final class IdleConnectionsTest {

  private static final System.Logger LOG = System.getLogger(IdleConnectionsTest.class.getName());
  private static final int CONNECTIONS = Integer.getInteger("moiety.idleConnections", 500);
  private static final int MOST_HEAP_BYTES_EACH = 32 * 1024;

  @TempDir Path directory;

  @Test
  void idleConnectionsTakeLittleAndKeepNobodyFromBeingServed() throws IOException {
    BrokerConfig config =
        BrokerConfig.of(
            Map.of(
                "storePathRootDir",
                directory.toString(),
                "maxConnections",
                Integer.toString(CONNECTIONS + 10)),
            Profile.EMBEDDED);
    List<SocketChannel> idle = new ArrayList<>();
    try (Broker broker = Broker.start(config);
        RawClient witness = new RawClient(broker.address())) {
      assertServes(witness);
      long before = heapBytes();
      for (int i = 0; i < CONNECTIONS; i++) {
        idle.add(hello(broker));
      }
      await().untilAsserted(() -> assertServes(witness));
      long each = (heapBytes() - before) / CONNECTIONS;

      LOG.log(
          System.Logger.Level.INFO,
          "{0} idle connections: {1} bytes of heap each, both ends",
          CONNECTIONS,
          each);
      assertThat(each).isLessThan(MOST_HEAP_BYTES_EACH);
      assertServes(witness);
    } finally {
      for (SocketChannel one : idle) {
        one.close();
      }
    }
  }

  /** A connection that was answered once. */
  private static SocketChannel hello(Broker broker) throws IOException {
    SocketChannel channel = SocketChannel.open(broker.address());
    channel.write(
        ByteBuffer.wrap(
            RawClient.bytes(
                Command.request(
                    RequestCode.HELLO, Fields.builder().put("clientId", "idle").build()))));
    ByteBuffer answer = ByteBuffer.allocate(1024);
    assertThat(channel.read(answer)).isPositive();
    return channel;
  }

  private static void assertServes(RawClient witness) throws IOException {
    assertThat(witness.call(Command.request(RequestCode.GET_BROKER_CONFIG, Fields.empty())).code())
        .isEqualTo(ResponseCode.SUCCESS);
  }

  /** What is reachable, after the collector ran. */
  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
