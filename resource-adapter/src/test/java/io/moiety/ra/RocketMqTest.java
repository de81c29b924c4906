package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.ResponseCode;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.resource.NotSupportedException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a deployer is told whose addresses are those of an Apache RocketMQ cluster. */
@Timeout(60)
final class RocketMqTest {

  private ServerSocket rocketMq;
  private CompletableFuture<Void> serving;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    rocketMq = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    serving = CompletableFuture.runAsync(this::refuseAll);
    server =
        TestServer.start(adapter -> adapter.setAddresses("127.0.0.1:" + rocketMq.getLocalPort()));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    rocketMq.close();
    serving.get();
  }

  /** As RocketMQ's processes answer a request that they do not know. */
  private void refuseAll() {
    while (!rocketMq.isClosed()) {
      try (Socket client = rocketMq.accept();
          DataInputStream in = new DataInputStream(client.getInputStream())) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        Command request = FrameCodec.decode(ByteBuffer.wrap(frame));
        ByteBuffer answer =
            FrameCodec.encode(
                Command.response(
                    request,
                    ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
                    " request type " + request.code() + " not supported",
                    Fields.empty()));
        byte[] bytes = new byte[answer.remaining()];
        answer.get(bytes);
        client.getOutputStream().write(bytes);
      } catch (SocketException closed) {
        return;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  @Test
  void modeXaIsRefusedWithThePropertyAndTheReason() throws Exception {
    MoietyManagedConnectionFactory factory = server.managedConnectionFactory();

    assertThatThrownBy(() -> factory.createManagedConnection(null, null))
        .isInstanceOf(NotSupportedException.class)
        .hasMessageContainingAll(
            "addresses names Apache RocketMQ, at [127.0.0.1:" + rocketMq.getLocalPort() + "]",
            "transactionMode = XA cannot be had there",
            "Set addresses to Moiety brokers");
  }

  @Test
  void applicationsSeeTheReasonToo() throws Exception {
    assertThatThrownBy(() -> server.connectionFactory().createConnection())
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("transactionMode = XA cannot be had there");
  }

  @Test
  void modeNoneSaysThatThisVersionDoesNotSendThere() throws Exception {
    MoietyManagedConnectionFactory factory = server.managedConnectionFactory();
    factory.setTransactionMode("NONE");

    assertThatThrownBy(() -> factory.createManagedConnection(null, null))
        .isInstanceOf(NotSupportedException.class)
        .hasMessageContainingAll("this version", "transactionMode NONE");
  }
}
