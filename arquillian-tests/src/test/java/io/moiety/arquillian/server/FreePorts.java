package io.moiety.arquillian.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on, so that builds on one machine do not meet. All are below those that
 * Linux gives to outgoing connections: what is killed and started again gets its port back.
 */
public final class FreePorts {

  private static final int LOWEST_OFFSET = 10_000;
  private static final int HIGHEST_OFFSET = 16_000;

  /** Above every server's port with the highest offset: a server that is down keeps its own. */
  private static final int LOWEST = 26_100;

  private static final int HIGHEST = 32_700;
  private static final int ATTEMPTS = 100;

  private FreePorts() {}

  /** One port of the loopback address. */
  public static int any() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port between %d and %d, tried %d".formatted(LOWEST, HIGHEST, ATTEMPTS));
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
