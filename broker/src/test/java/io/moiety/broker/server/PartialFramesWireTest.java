package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that begin large frames and do not end them, on real sockets, at a small broker. */
final class PartialFramesWireTest {

  private static final int MIB = 1024 * 1024;
  private static final int SOCKETS = 16;
  private static final int PART_BYTES = 8 * MIB;

  @TempDir Path directory;
  private Broker broker;
  private final List<RawClient> beginners = new ArrayList<>();

  @BeforeEach
  void start() {
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir",
                    directory.toString(),
                    "flushDiskType",
                    "ASYNC_FLUSH",
                    "maxInFlightBytes",
                    Integer.toString(48 * MIB)),
                Profile.EMBEDDED));
  }

  @AfterEach
  void stop() throws IOException {
    for (RawClient beginner : beginners) {
      beginner.close();
    }
    broker.close();
  }

  private static Command send(int bodyBytes) {
    return Command.request(
        RequestCode.SEND_MESSAGE_V2,
        Bench.fields(
            Map.of(
                "a", "P", "b", "T", "c", "TBW102", "d", 1, "e", 0, "f", 0, "g", 1, "h", 0, "i", "",
                "j", 0)),
        ByteBuffer.allocate(bodyBytes));
  }

  /** The first half of a frame, with a whole header. */
  private static byte[] half() {
    byte[] whole = RawClient.bytes(send(100));
    byte[] half = new byte[PART_BYTES];
    System.arraycopy(whole, 0, half, 0, whole.length);
    ByteBuffer.wrap(half).putInt(0, 2 * PART_BYTES - 4);
    return half;
  }

  private RawClient begin(boolean known) throws IOException {
    RawClient client = new RawClient(broker.address());
    beginners.add(client);
    if (known) {
      assertThat(client.call(send(10)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
    client.writeUntilClosed(half());
    return client;
  }

  @Test
  void clientsThatOnlyBeginFramesKeepNobodyOut() throws IOException {
    try (RawClient known = new RawClient(broker.address())) {
      assertThat(known.call(send(10)).code()).isEqualTo(ResponseCode.SUCCESS);
      for (int i = 0; i < SOCKETS; i++) {
        begin(false);
      }

      for (int i = 0; i < 20; i++) {
        assertThat(known.call(send(3 * MIB)).code()).isEqualTo(ResponseCode.SUCCESS);
        try (RawClient newcomer = new RawClient(broker.address())) {
          assertThat(newcomer.call(send(20_000)).code()).isEqualTo(ResponseCode.SUCCESS);
        }
      }
    }
  }

  @Test
  void framesOfKnownClientsThatNeverEndGiveWay() throws IOException {
    for (int i = 0; i < SOCKETS; i++) {
      begin(true);
    }
    try (RawClient other = new RawClient(broker.address())) {
      assertThat(other.call(send(20_000)).code()).isEqualTo(ResponseCode.SUCCESS);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> other.call(send(3 * MIB)).code() == ResponseCode.SUCCESS);
    }
  }
}
