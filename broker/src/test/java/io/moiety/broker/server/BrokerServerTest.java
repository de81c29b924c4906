package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.config.ConnectionLimits;
import io.moiety.broker.config.NetworkConfig;
import io.moiety.broker.store.StoreTurn;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.HeaderFormat;
import io.moiety.protocol.ResponseCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets on free ports. */
final class BrokerServerTest {

  private static final int ECHO = 7001;
  private static final int FAIL = 7002;
  private static final int HOLD = 7003;
  private static final int LARGE = 7004;
  private static final int BAD_FIELD = 7005;
  private static final int GATHER = 7006;
  private static final int MAX_FRAME_BYTES = 64 * 1024;
  private static final int MAX_IN_FLIGHT = 4;
  private static final int LARGE_BYTES = 256 * 1024;
  private static final int MAX_CONNECTIONS = 3;
  private static final ConnectionLimits LIMITS =
      new ConnectionLimits(MAX_CONNECTIONS, MAX_IN_FLIGHT, 80_000, 120_000);

  private final Queue<Reply> held = new ConcurrentLinkedQueue<>();
  private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
  private final AtomicInteger largeAnswers = new AtomicInteger();
  private final AtomicInteger batches = new AtomicInteger();
  private final LoopTurn loopTurn =
      new LoopTurn(new StoreTurn(10, batches::incrementAndGet, () -> {}), () -> {});
  private final BrokerServer server = open(60_000);

  private BrokerServer open(long idleTimeoutMillis) {
    return open(LIMITS, idleTimeoutMillis);
  }

  private BrokerServer open(ConnectionLimits limits, long idleTimeoutMillis) {
    BrokerServer opened =
        BrokerServer.bind(
            new NetworkConfig(
                "127.0.0.1", 0, Optional.empty(), 1, MAX_FRAME_BYTES, limits, idleTimeoutMillis),
            Security.none());
    opened.serve(
        new RequestRouter()
            .register(
                ECHO,
                (request, connection, reply) -> {
                  connections.add(connection);
                  reply.success(request.fields(), request.body());
                })
            .register(
                FAIL,
                (request, connection, reply) -> {
                  throw new IllegalStateException("the handler broke");
                })
            .register(HOLD, (request, connection, reply) -> held.add(reply))
            .register(
                LARGE,
                (request, connection, reply) -> {
                  largeAnswers.incrementAndGet();
                  reply.success(Fields.empty(), ByteBuffer.allocate(LARGE_BYTES));
                })
            .register(
                BAD_FIELD, (request, connection, reply) -> request.fields().requiredInt("queueId"))
            .register(
                GATHER,
                (request, connection, reply) ->
                    loopTurn.offer(() -> reply.success(Fields.empty()))),
        loopTurn);
    return opened;
  }

  @AfterEach
  void closeServer() {
    server.close();
  }

  private RawClient connect() throws IOException {
    return new RawClient(server.address());
  }

  private static Command request(int code, int opaque) {
    return Command.request(code, Fields.empty()).withOpaque(opaque);
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void answersInTheHeaderFormatOfTheRequest(HeaderFormat format) throws IOException {
    Fields fields = Fields.builder().put("topic", "T").build();
    Command request =
        Command.request(ECHO, fields, ByteBuffer.wrap("body".getBytes(UTF_8)))
            .withOpaque(99)
            .withFormat(format);
    try (RawClient client = connect()) {
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
    try (RawClient client = connect()) {
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
    try (RawClient client = connect()) {
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
    assertThat(batches).hasValue(1);
  }

  @Test
  void unknownRequestCodeIsNotSupported() throws IOException {
    try (RawClient client = connect()) {
      Command response = client.call(request(31_000, 1));

      assertThat(response.code()).isEqualTo(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
      assertThat(response.remark()).isEqualTo(" request type 31000 not supported");
    }
  }

  @Test
  void failingHandlerIsAnsweredAndTheConnectionLives() throws IOException {
    try (RawClient client = connect()) {
      Command response = client.call(request(FAIL, 1));

      assertThat(response.code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
      assertThat(response.remark()).contains("the handler broke");
      assertThat(client.call(request(ECHO, 2)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void missingFieldIsAnInvalidParameterThatIsNamed() throws IOException {
    try (RawClient client = connect()) {
      Command response = client.call(request(BAD_FIELD, 1));

      assertThat(response.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
      assertThat(response.remark()).contains("queueId");
    }
  }

  @Test
  void onewayRequestsGetNoAnswer() throws IOException {
    try (RawClient client = connect()) {
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
    try (RawClient client = connect()) {
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
    try (RawClient witness = connect()) {
      for (byte[] bytes : wrong) {
        try (RawClient client = connect()) {
          client.write(bytes);
          assertThat(client.isClosedByServer()).isTrue();
        }
      }
      assertThat(witness.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void tooManyUnansweredRequestsAreBusyUntilOneIsAnswered() throws IOException {
    try (RawClient client = connect()) {
      for (int i = 1; i <= MAX_IN_FLIGHT; i++) {
        client.write(request(HOLD, i));
      }
      Command refused = client.call(request(ECHO, 50));
      assertThat(refused.code()).isEqualTo(ResponseCode.SYSTEM_BUSY);
      assertThat(refused.opaque()).isEqualTo(50);

      held.remove().success(Fields.empty());

      assertThat(client.read().opaque()).isEqualTo(1);
      assertThat(client.call(request(ECHO, 51)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void secondAnswerToOneRequestIsNotSent() throws IOException {
    try (RawClient client = connect()) {
      client.write(request(HOLD, 1));
      await().until(() -> !held.isEmpty());
      held.peek().success(Fields.empty());
      held.remove().fail(ResponseCode.SYSTEM_ERROR, "again");

      assertThat(client.read().opaque()).isEqualTo(1);
      assertThat(client.call(request(ECHO, 2)).opaque()).isEqualTo(2);
    }
  }

  /** So large that the server does not read many of them at once. */
  private static Command padded(int code, int opaque) {
    return Command.request(code, Fields.empty(), ByteBuffer.allocate(1_024)).withOpaque(opaque);
  }

  @Test
  void clientThatDoesNotReadIsNoLongerReadFrom() throws IOException {
    int requests = 400;
    long allAnswers = (long) requests * LARGE_BYTES;
    try (BrokerServer patient =
            open(new ConnectionLimits(3, MAX_IN_FLIGHT, allAnswers, 2 * allAnswers), 60_000);
        RawClient client = new RawClient(patient.address(), 16 * 1024);
        RawClient other = new RawClient(patient.address())) {
      for (int i = 0; i < requests; i++) {
        client.write(padded(LARGE, i));
      }
      assertThat(other.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(largeAnswers.get()).isLessThan(requests / 2);

      for (int i = 0; i < requests; i++) {
        assertThat(client.read().opaque()).isEqualTo(i);
      }
    }
  }

  @Test
  void requestsOfOnePacketWaitUntilTheAnswersBeforeAreTaken() throws IOException {
    int requests = 400;
    long allAnswers = (long) requests * LARGE_BYTES;
    try (BrokerServer patient =
            open(new ConnectionLimits(3, MAX_IN_FLIGHT, allAnswers, 2 * allAnswers), 60_000);
        RawClient client = new RawClient(patient.address(), 16 * 1024);
        RawClient other = new RawClient(patient.address())) {
      ByteArrayOutputStream packet = new ByteArrayOutputStream();
      for (int opaque = 0; opaque < requests; opaque++) {
        packet.writeBytes(RawClient.bytes(request(LARGE, opaque)));
      }
      client.write(packet.toByteArray());
      await().until(() -> largeAnswers.get() > 0);
      assertThat(other.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(largeAnswers.get()).isLessThan(requests / 4);

      for (int opaque = 0; opaque < requests; opaque++) {
        assertThat(client.read().opaque()).isEqualTo(opaque);
      }
    }
  }

  @Test
  void clientThatDoesNotReadAndAsksForMoreThanItsLimitIsClosed() throws IOException {
    try (RawClient client = new RawClient(server.address(), 16 * 1024);
        RawClient other = connect()) {
      for (int i = 0; i < 400; i++) {
        client.writeUntilClosed(RawClient.bytes(request(LARGE, i)));
      }
      await().until(client::isEnded);
      assertThat(other.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void notifiesAClientAndHearsThatItLeft() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (RawClient client = connect()) {
      client.call(request(ECHO, 1));
      Connection connection = connections.remove();
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
  void silentConnectionIsClosed() throws IOException {
    try (BrokerServer impatient = open(200);
        RawClient client = new RawClient(impatient.address())) {
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  private static Command large(int code, int opaque) {
    return Command.request(code, Fields.empty(), ByteBuffer.allocate(50_000)).withOpaque(opaque);
  }

  @Test
  void connectionAboveTheLimitIsClosedAtOnce() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < MAX_CONNECTIONS; i++) {
      RawClient client = connect();
      clients.add(client);
      assertThat(client.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
    try (RawClient refused = connect()) {
      assertThat(refused.isClosedByServer()).isTrue();
    }
    clients.remove(0).close();
    await()
        .untilAsserted(
            () -> {
              try (RawClient next = connect()) {
                next.write(request(ECHO, 1));
                assertThat(next.read().code()).isEqualTo(ResponseCode.SUCCESS);
              }
            });
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void bytesOfOneConnectionThatWaitForAnAnswerAreBounded() throws IOException {
    try (RawClient client = connect()) {
      client.write(large(HOLD, 1));
      client.write(large(HOLD, 2));
      Command refused = client.read();

      assertThat(refused.opaque()).isEqualTo(2);
      assertThat(refused.code()).isEqualTo(ResponseCode.SYSTEM_BUSY);
      assertThat(refused.remark())
          .contains("bytes wait", "(maxInFlightBytesPerConnection) is 80000");
      held.remove().success(Fields.empty());
      assertThat(client.read().opaque()).isEqualTo(1);
      assertThat(client.call(large(ECHO, 3)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void onewayRequestsAreBoundedByTheirBytesAlone() throws IOException {
    try (RawClient client = connect()) {
      for (int i = 0; i < 2 * MAX_IN_FLIGHT; i++) {
        client.write(request(HOLD, i).asOneway());
      }
      await().until(() -> held.size() == 2 * MAX_IN_FLIGHT);
      client.write(large(HOLD, 100).asOneway());
      client.write(large(HOLD, 101).asOneway());

      assertThat(client.call(request(ECHO, 102)).code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(held).hasSize(2 * MAX_IN_FLIGHT + 1);
      held.forEach(reply -> reply.success(Fields.empty()));
      assertThat(client.call(large(ECHO, 103)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void bytesOfAllConnectionsThatWaitForAnAnswerAreBounded() throws IOException {
    try (RawClient first = connect();
        RawClient second = connect();
        RawClient third = connect()) {
      first.write(large(HOLD, 1));
      second.write(large(HOLD, 1));
      await().until(() -> held.size() == 2);

      Command refused = third.call(large(ECHO, 1));
      assertThat(refused.code()).isEqualTo(ResponseCode.SYSTEM_BUSY);
      assertThat(refused.remark()).contains("(maxInFlightBytes)");
      first.close();
      await()
          .untilAsserted(
              () -> assertThat(third.call(large(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS));
    }
  }

  @Test
  void partsOfFramesThatNeverEndAreBounded() throws IOException {
    byte[] part = ByteBuffer.allocate(60_004).putInt(0, 64 * 1024).array();
    try (RawClient first = connect();
        RawClient second = connect();
        RawClient third = connect()) {
      assertThat(third.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
      first.write(part);
      second.write(Arrays.copyOf(part, 50_000));
      assertThat(first.isClosedByServer()).as("the larger part gave way").isTrue();

      assertThat(third.call(large(ECHO, 2)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void portInUseIsNamedWithWhatToDo() {
    int taken = server.address().getPort();
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
          loopTurn);

      assertThat(client.read().code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void closingTwiceDoesNoHarm() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    clients.add(connect());
    server.close();
    server.close();
    assertThat(clients.get(0).isClosedByServer()).isTrue();
    clients.get(0).close();
  }
}
