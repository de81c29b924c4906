package io.moiety.shop.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The server's two ports on the loopback address. Looked at before the start, since a server that
 * finds a port taken only says so in its log, after most of its boot.
 */
record Ports(int http, int management) {
  static final int DEFAULT_HTTP = 8080;
  static final int DEFAULT_MANAGEMENT = 9990;

  /** Stands for "not chosen". */
  static final int NONE = 0;

  private static final int MAX = 65_535;

  /** The chosen or else the well-known ports. */
  static Ports wellKnown(int http, int management) {
    return new Ports(
        requireFree("HTTP", "--port", http == NONE ? DEFAULT_HTTP : http),
        requireFree(
            "management",
            "--management-port",
            management == NONE ? DEFAULT_MANAGEMENT : management));
  }

  /** The chosen or else any free ports. */
  static Ports anyFree(int http, int management) {
    try (ServerSocket first = bound(NONE);
        ServerSocket second = bound(NONE)) {
      return new Ports(
          http == NONE ? first.getLocalPort() : requireFree("HTTP", "--port", http),
          management == NONE
              ? second.getLocalPort()
              : requireFree("management", "--management-port", management));
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback address", e);
    }
  }

  private static int requireFree(String role, String option, int port) {
    if (port < 1 || port > MAX) {
      throw new DemoException(option + " is " + port + ", allowed is 1 to " + MAX + ".");
    }
    try (ServerSocket free = bound(port)) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new DemoException(
          "Port "
              + port
              + " ("
              + role
              + ") cannot be used: "
              + e.getMessage()
              + ". Stop what listens there, or choose another port with "
              + option
              + ".",
          e);
    }
  }

  private static ServerSocket bound(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
