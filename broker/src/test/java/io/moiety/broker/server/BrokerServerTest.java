package io.moiety.broker.server;

import static io.moiety.broker.server.TestServer.BAD_FIELD;
import static io.moiety.broker.server.TestServer.ECHO;
import static io.moiety.broker.server.TestServer.FAIL;
import static io.moiety.broker.server.TestServer.GATHER;
import static io.moiety.broker.server.TestServer.HOLD;
import static io.moiety.broker.server.TestServer.LIMITS;
import static io.moiety.broker.server.TestServer.MAX_FRAME_BYTES;
import static io.moiety.broker.server.TestServer.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.config.NetworkConfig;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.HeaderFormat;
import io.moiety.protocol.ResponseCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets on free ports. */
final class BrokerServerTest {

  private final TestServer test = new TestServer();

  @AfterEach
  void closeServer() {
    test.close();
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void answersInTheHeaderFormatOfTheRequest(HeaderFormat format) throws IOException {
    Fields fields = Fields.builder().put("topic", "T").build();
    Command request =
        Command.request(ECHO, fields, ByteBuffer.wrap("body".getBytes(UTF_8)))
            .withOpaque(99)
            .withFormat(format);
    try (RawClient client = test.connect()) {
      Command response = client.call(request);

      assertThat(response.isResponse()).isTrue();
      assertThat(response.code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(response.opaque()).isEqualTo(99);
      assertThat(response.format()).isEqualTo(format);
      assertThat(response.fields()).isEqualTo(fields);
      assertThat(UTF_8.decode(response.body()).toString()).isEqualTo("body");
    }
  }

  @Test
  void takesFramesThatArriveByteByByteAndSeveralInOnePacket() throws IOException {
    byte[] header = "{\"code\":7001,\"opaque\":5,\"flag\":0}".getBytes(UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(8 + header.length);
    frame.putInt(4 + header.length).putInt(header.length).put(header);
    ByteBuffer twice = ByteBuffer.allocate(2 * frame.capacity());
    twice.put(frame.array()).put(frame.array());
    try (RawClient client = test.connect()) {
      for (byte one : frame.array()) {
        client.write(new byte[] {one});
      }
      client.write(twice.array());

      for (int i = 0; i < 3; i++) {
        assertThat(client.read().opaque()).isEqualTo(5);
      }
    }
  }

  @Test
  void takesTheTurnOnceForWhatArrivesInOnePacket() throws IOException {
    try (RawClient client = test.connect()) {
      ByteArrayOutputStream packet = new ByteArrayOutputStream();
      for (int opaque = 1; opaque <= 3; opaque++) {
        ByteBuffer frame = FrameCodec.encode(request(GATHER, opaque));
        packet.write(frame.array(), frame.arrayOffset(), frame.remaining());
      }
      client.write(packet.toByteArray());
      for (int opaque = 1; opaque <= 3; opaque++) {
        assertThat(client.read().opaque()).isEqualTo(opaque);
      }
    }
    assertThat(test.batches).hasValue(1);
  }

  @Test
  void unknownRequestCodeIsNotSupported() throws IOException {
    try (RawClient client = test.connect()) {
      Command response = client.call(request(31_000, 1));

      assertThat(response.code()).isEqualTo(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
      assertThat(response.remark()).isEqualTo(" request type 31000 not supported");
    }
  }

  @Test
  void failingHandlerIsAnsweredAndTheConnectionLives() throws IOException {
    try (RawClient client = test.connect()) {
      Command response = client.call(request(FAIL, 1));

      assertThat(response.code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
      assertThat(response.remark()).contains("the handler broke");
      assertThat(client.call(request(ECHO, 2)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void missingFieldIsAnInvalidParameterThatIsNamed() throws IOException {
    try (RawClient client = test.connect()) {
      Command response = client.call(request(BAD_FIELD, 1));

      assertThat(response.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
      assertThat(response.remark()).contains("queueId");
    }
  }

  @Test
  void onewayRequestsGetNoAnswer() throws IOException {
    try (RawClient client = test.connect()) {
      client.write(request(FAIL, 1).asOneway());
      client.write(request(31_000, 2).asOneway());

      assertThat(client.call(request(ECHO, 3)).opaque()).isEqualTo(3);
    }
  }

  @Test
  void oversizeFrameIsRefusedByNameAndTheConnectionLives() throws IOException {
    Command tooLarge =
        Command.request(ECHO, Fields.empty(), ByteBuffer.allocate(3 * MAX_FRAME_BYTES))
            .withOpaque(8);
    try (RawClient client = test.connect()) {
      Command response = client.call(tooLarge);

      assertThat(response.opaque()).isEqualTo(8);
      assertThat(response.code()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
      assertThat(response.remark()).contains(MAX_FRAME_BYTES + " are allowed");
      assertThat(client.call(request(ECHO, 9)).opaque()).isEqualTo(9);
    }
  }

  @Test
  void whatIsNoFrameClosesOnlyItsOwnConnection() throws IOException {
    List<byte[]> wrong =
        List.of(
            "GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8),
            new byte[] {0, 0, 0, 2, 0, 0, 0, 0},
            new byte[] {(byte) 0xFF, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {0, 0, 0, 8, 0, 0, 0, 5, 0, 0, 0, 0},
            new byte[] {0, 0, 0, 8, 0, 0, 0, 4, 'n', 'o', 'p', 'e'},
            new byte[] {0, 0, 0, 8, 9, 0, 0, 4, '{', '}', '{', '}'});
    try (RawClient witness = test.connect()) {
      for (byte[] bytes : wrong) {
        try (RawClient client = test.connect()) {
          client.write(bytes);
          assertThat(client.isClosedByServer()).isTrue();
        }
      }
      assertThat(witness.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void secondAnswerToOneRequestIsNotSent() throws IOException {
    try (RawClient client = test.connect()) {
      client.write(request(HOLD, 1));
      await().until(() -> !test.held.isEmpty());
      test.held.peek().success(Fields.empty());
      test.held.remove().fail(ResponseCode.SYSTEM_ERROR, "again");

      assertThat(client.read().opaque()).isEqualTo(1);
      assertThat(client.call(request(ECHO, 2)).opaque()).isEqualTo(2);
    }
  }

  @Test
  void notifiesAClientAndHearsThatItLeft() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (RawClient client = test.connect()) {
      client.call(request(ECHO, 1));
      Connection connection = test.connections.remove();
      connection.onClose(closed::countDown);
      connection.notify(request(40, 0).asOneway());

      Command notice = client.read();
      assertThat(notice.code()).isEqualTo(40);
      assertThat(notice.isOneway()).isTrue();
      assertThat(connection.isOpen()).isTrue();
    }
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void portInUseIsNamedWithWhatToDo() {
    int taken = test.server.address().getPort();
    NetworkConfig same =
        new NetworkConfig("127.0.0.1", taken, Optional.empty(), 1, MAX_FRAME_BYTES, LIMITS, 60_000);

    assertThatThrownBy(() -> BrokerServer.bind(same, Security.none()))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("127.0.0.1:" + taken)
        .hasMessageContaining("set another listenPort");
  }

  @Test
  void nothingIsServedBeforeTheRouterIsThere() throws IOException {
    try (BrokerServer early =
            BrokerServer.bind(
                new NetworkConfig(
                    "127.0.0.1", 0, Optional.empty(), 1, MAX_FRAME_BYTES, LIMITS, 60_000),
                Security.none());
        RawClient client = new RawClient(early.address())) {
      client.write(request(ECHO, 3));
      early.serve(
          new RequestRouter()
              .register(ECHO, (request, connection, reply) -> reply.success(Fields.empty())),
          test.loopTurn);

      assertThat(client.read().code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void closingTwiceDoesNoHarm() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    clients.add(test.connect());
    test.server.close();
    test.server.close();
    assertThat(clients.get(0).isClosedByServer()).isTrue();
    clients.get(0).close();
  }
}
