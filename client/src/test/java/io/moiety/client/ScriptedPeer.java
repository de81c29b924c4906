package io.moiety.client;

import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

/**
 * The broker's end of the wire, played by the test itself: a real server socket without a thread of
 * its own. The test accepts, reads and answers in the order that it writes down; every wait is
 * bounded.
 */
final class ScriptedPeer implements AutoCloseable {

  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(30);
  static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

  private static final int WAIT_MILLIS = 10_000;

  private final ServerSocket server;

  private ScriptedPeer(ServerSocket server) {
    this.server = server;
  }

  static ScriptedPeer listen() {
    return listen(0);
  }

  static ScriptedPeer listen(int port) {
    try {
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      server.setSoTimeout(WAIT_MILLIS);
      return new ScriptedPeer(server);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  BrokerAddress address() {
    return new BrokerAddress("127.0.0.1", server.getLocalPort());
  }

  /** A configuration that leads here. */
  ClientConfig.Builder config() {
    return ClientConfig.builder()
        .addresses(address().toString())
        .clientId("test-client")
        .requestTimeout(Duration.ofSeconds(10));
  }

  /** The next connection; nothing has been read from it. */
  PeerConnection accept() {
    try {
      return new PeerConnection(server.accept(), WAIT_MILLIS);
    } catch (IOException failure) {
      throw new UncheckedIOException("no client connected", failure);
    }
  }

  /** The next connection, its greeting answered. */
  PeerConnection acceptAndGreet() {
    return acceptAndGreet(SESSION_TIMEOUT);
  }

  PeerConnection acceptAndGreet(Duration sessionTimeout) {
    PeerConnection connection = accept();
    connection.answer(connection.expect(RequestCode.HELLO), identity(sessionTimeout));
    return connection;
  }

  static Fields identity(Duration sessionTimeout) {
    return Fields.builder()
        .put("storeUuid", "5f0f7c1e-6b1b-4a55-9a1c-4a1f5a9be001")
        .put("brokerName", "broker-a")
        .put("brokerVersion", "1.2.3")
        .put("sessionTimeoutMillis", sessionTimeout.toMillis())
        .put("maxMessageBytes", MAX_MESSAGE_BYTES)
        .build();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
