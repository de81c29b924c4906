package io.moiety.arquillian.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on, so that builds on one machine do not meet. */
public final class FreePorts {

  /** All ports stay below the range from which Linux takes ports of outgoing connections. */
  private static final int LOWEST_OFFSET = 10_000;

  private static final int HIGHEST_OFFSET = 22_000;
  private static final int ATTEMPTS = 100;

  private FreePorts() {}

  /** One port of the loopback address. */
  public static int any() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback address", e);
    }
  }

  /** A number that can be added to all of these ports, each of which is free then. */
  public static int offset(Collection<Integer> ports) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int offset = ThreadLocalRandom.current().nextInt(LOWEST_OFFSET, HIGHEST_OFFSET);
      if (ports.stream().allMatch(port -> isFree(port + offset))) {
        return offset;
      }
    }
    throw new IllegalStateException(
        "no offset between %d and %d leaves the ports %s free, tried %d"
            .formatted(LOWEST_OFFSET, HIGHEST_OFFSET, ports, ATTEMPTS));
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException busy) {
      return false;
    }
  }
}
