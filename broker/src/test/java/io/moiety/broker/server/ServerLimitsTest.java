package io.moiety.broker.server;

import static io.moiety.broker.server.TestServer.ECHO;
import static io.moiety.broker.server.TestServer.HOLD;
import static io.moiety.broker.server.TestServer.LARGE;
import static io.moiety.broker.server.TestServer.LARGE_BYTES;
import static io.moiety.broker.server.TestServer.MAX_CONNECTIONS;
import static io.moiety.broker.server.TestServer.MAX_IN_FLIGHT;
import static io.moiety.broker.server.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.config.ConnectionLimits;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ResponseCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection, and all of them, may make the server hold. */
final class ServerLimitsTest {

  private final TestServer test = new TestServer();

  @AfterEach
  void closeServer() {
    test.close();
  }

  /** So large that the server does not read many of them at once. */
  private static Command padded(int code, int opaque) {
    return Command.request(code, Fields.empty(), ByteBuffer.allocate(1_024)).withOpaque(opaque);
  }

  private static Command large(int code, int opaque) {
    return Command.request(code, Fields.empty(), ByteBuffer.allocate(50_000)).withOpaque(opaque);
  }

  @Test
  void tooManyUnansweredRequestsAreBusyUntilOneIsAnswered() throws IOException {
    try (RawClient client = test.connect()) {
      for (int i = 1; i <= MAX_IN_FLIGHT; i++) {
        client.write(request(HOLD, i));
      }
      Command refused = client.call(request(ECHO, 50));
      assertThat(refused.code()).isEqualTo(ResponseCode.SYSTEM_BUSY);
      assertThat(refused.opaque()).isEqualTo(50);

      test.held.remove().success(Fields.empty());

      assertThat(client.read().opaque()).isEqualTo(1);
      assertThat(client.call(request(ECHO, 51)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void clientThatDoesNotReadIsNoLongerReadFrom() throws IOException {
    int requests = 400;
    long allAnswers = (long) requests * LARGE_BYTES;
    try (BrokerServer patient =
            test.open(new ConnectionLimits(3, MAX_IN_FLIGHT, allAnswers, 2 * allAnswers), 60_000);
        RawClient client = new RawClient(patient.address(), 16 * 1024);
        RawClient other = new RawClient(patient.address())) {
      for (int i = 0; i < requests; i++) {
        client.write(padded(LARGE, i));
      }
      assertThat(other.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(test.largeAnswers.get()).isLessThan(requests / 2);

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
            test.open(new ConnectionLimits(3, MAX_IN_FLIGHT, allAnswers, 2 * allAnswers), 60_000);
        RawClient client = new RawClient(patient.address(), 16 * 1024);
        RawClient other = new RawClient(patient.address())) {
      ByteArrayOutputStream packet = new ByteArrayOutputStream();
      for (int opaque = 0; opaque < requests; opaque++) {
        packet.writeBytes(RawClient.bytes(request(LARGE, opaque)));
      }
      client.write(packet.toByteArray());
      await().until(() -> test.largeAnswers.get() > 0);
      assertThat(other.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(test.largeAnswers.get()).isLessThan(requests / 4);

      for (int opaque = 0; opaque < requests; opaque++) {
        assertThat(client.read().opaque()).isEqualTo(opaque);
      }
    }
  }

  @Test
  void clientThatDoesNotReadAndAsksForMoreThanItsLimitIsClosed() throws IOException {
    try (RawClient client = new RawClient(test.server.address(), 16 * 1024);
        RawClient other = test.connect()) {
      for (int i = 0; i < 400; i++) {
        client.writeUntilClosed(RawClient.bytes(request(LARGE, i)));
      }
      await().until(client::isEnded);
      assertThat(other.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void silentConnectionIsClosed() throws IOException {
    try (BrokerServer impatient = test.open(200);
        RawClient client = new RawClient(impatient.address())) {
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void connectionAboveTheLimitIsClosedAtOnce() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < MAX_CONNECTIONS; i++) {
      RawClient client = test.connect();
      clients.add(client);
      assertThat(client.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
    try (RawClient refused = test.connect()) {
      assertThat(refused.isClosedByServer()).isTrue();
    }
    clients.remove(0).close();
    await()
        .untilAsserted(
            () -> {
              try (RawClient next = test.connect()) {
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
    try (RawClient client = test.connect()) {
      client.write(large(HOLD, 1));
      client.write(large(HOLD, 2));
      Command refused = client.read();

      assertThat(refused.opaque()).isEqualTo(2);
      assertThat(refused.code()).isEqualTo(ResponseCode.SYSTEM_BUSY);
      assertThat(refused.remark())
          .contains("bytes wait", "(maxInFlightBytesPerConnection) is 80000");
      test.held.remove().success(Fields.empty());
      assertThat(client.read().opaque()).isEqualTo(1);
      assertThat(client.call(large(ECHO, 3)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void onewayRequestsAreBoundedByTheirBytesAlone() throws IOException {
    try (RawClient client = test.connect()) {
      for (int i = 0; i < 2 * MAX_IN_FLIGHT; i++) {
        client.write(request(HOLD, i).asOneway());
      }
      await().until(() -> test.held.size() == 2 * MAX_IN_FLIGHT);
      client.write(large(HOLD, 100).asOneway());
      client.write(large(HOLD, 101).asOneway());

      assertThat(client.call(request(ECHO, 102)).code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(test.held).hasSize(2 * MAX_IN_FLIGHT + 1);
      test.held.forEach(reply -> reply.success(Fields.empty()));
      assertThat(client.call(large(ECHO, 103)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void bytesOfAllConnectionsThatWaitForAnAnswerAreBounded() throws IOException {
    try (RawClient first = test.connect();
        RawClient second = test.connect();
        RawClient third = test.connect()) {
      first.write(large(HOLD, 1));
      second.write(large(HOLD, 1));
      await().until(() -> test.held.size() == 2);

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
    try (RawClient first = test.connect();
        RawClient second = test.connect();
        RawClient third = test.connect()) {
      assertThat(third.call(request(ECHO, 1)).code()).isEqualTo(ResponseCode.SUCCESS);
      first.write(part);
      second.write(Arrays.copyOf(part, 50_000));
      assertThat(first.isClosedByServer()).as("the larger part gave way").isTrue();

      assertThat(third.call(large(ECHO, 2)).code()).isEqualTo(ResponseCode.SUCCESS);
    }
  }
}
