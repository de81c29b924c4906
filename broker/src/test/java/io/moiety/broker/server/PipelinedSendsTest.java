package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends that one client writes one after the other, without waiting for answers, to a broker. */
final class PipelinedSendsTest {
  private static final int SENDS = 64;
  private static final int ROUNDS = 50;
  private static final int NO_SUCH_QUEUE = 99;

  @TempDir private Path directory;
  private Broker broker;

  @BeforeEach
  void start() {
    broker = Broker.start(BrokerConfig.embedded(directory));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void sendsThatAllWaitForTheDiskAreAnsweredInTheirOrderEachWithItsPlace() throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      write(client, 0);
      for (int opaque = 0; opaque < SENDS; opaque++) {
        Command answer = client.read();
        assertThat(answer.opaque()).isEqualTo(opaque);
        assertThat(answer.code()).isEqualTo(ResponseCode.SUCCESS);
        assertThat(answer.fields().requiredLong("queueOffset")).isEqualTo(opaque);
      }
    }
  }

  @Test
  void aSendThatIsRefusedIsAnsweredBeforeThoseThatWaitForTheDisk() throws IOException {
    try (RawClient client = new RawClient(broker.address())) {
      boolean overtook = false;
      for (int round = 0; round < ROUNDS && !overtook; round++) {
        write(client, NO_SUCH_QUEUE);
        List<Integer> refusedAt = new ArrayList<>();
        for (int place = 0; place < SENDS; place++) {
          Command answer = client.read();
          if (answer.code() == ResponseCode.INVALID_PARAMETER) {
            assertThat(answer.opaque()).isEqualTo(SENDS - 1);
            refusedAt.add(place);
          }
        }
        assertThat(refusedAt).hasSize(1);
        overtook = refusedAt.get(0) < SENDS - 1;
      }
      assertThat(overtook).isTrue();
    }
  }

  /** In one packet. */
  private static void write(RawClient client, int lastQueueId) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    for (int opaque = 0; opaque < SENDS; opaque++) {
      packet.writeBytes(RawClient.bytes(send(opaque, opaque == SENDS - 1 ? lastQueueId : 0)));
    }
    client.write(packet.toByteArray());
  }

  private static Command send(int opaque, int queueId) {
    return Command.request(
            RequestCode.SEND_MESSAGE_V2,
            Bench.fields(
                Map.of(
                    "a",
                    "PG",
                    "b",
                    "T",
                    "c",
                    "TBW102",
                    "d",
                    4,
                    "e",
                    queueId,
                    "f",
                    0,
                    "g",
                    1L,
                    "h",
                    0,
                    "i",
                    "TAGS\u0001A\u0002")),
            ByteBuffer.wrap("body".getBytes(UTF_8)))
        .withOpaque(opaque);
  }
}
