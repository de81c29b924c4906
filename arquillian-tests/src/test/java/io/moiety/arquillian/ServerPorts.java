package io.moiety.arquillian;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Chooses the server's ports before Arquillian reads its configuration, so that builds on one
 * machine do not meet. {@code -Dwildfly.portOffset=…} chooses by hand.
 *
 * <p>WildFly adds one offset to all of its ports; {@code arquillian.xml} takes the offset and the
 * ports that follow from it, of the management and of the broker inside the server, out of the
 * system properties set here.
 */
public final class ServerPorts implements LauncherSessionListener {

  private static final String OFFSET = "wildfly.portOffset";
  private static final String MANAGEMENT_PORT = "wildfly.managementPort";
  private static final String BROKER_PORT = "moiety.listenPort";
  private static final int DEFAULT_BROKER_PORT = 9876;
  private static final int DEFAULT_MANAGEMENT_PORT = 9990;

  /** Recovery and its status, IIOP, AJP, HTTP, broker, management. */
  private static final List<Integer> DEFAULT_PORTS =
      List.of(
          4712,
          4713,
          3528,
          3529,
          8009,
          8080,
          8443,
          DEFAULT_BROKER_PORT,
          DEFAULT_MANAGEMENT_PORT,
          9993);

  /** All ports stay below the range from which Linux takes ports of outgoing connections. */
  private static final int LOWEST_OFFSET = 10_000;

  private static final int HIGHEST_OFFSET = 22_000;
  private static final int ATTEMPTS = 100;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Integer chosen = Integer.getInteger(OFFSET);
    int offset = chosen == null ? freeOffset() : chosen;
    System.setProperty(OFFSET, Integer.toString(offset));
    System.setProperty(MANAGEMENT_PORT, Integer.toString(DEFAULT_MANAGEMENT_PORT + offset));
    System.setProperty(BROKER_PORT, Integer.toString(DEFAULT_BROKER_PORT + offset));
  }

  private static int freeOffset() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int offset = ThreadLocalRandom.current().nextInt(LOWEST_OFFSET, HIGHEST_OFFSET);
      if (DEFAULT_PORTS.stream().allMatch(port -> isFree(port + offset))) {
        return offset;
      }
    }
    throw new IllegalStateException(
        "no offset between %d and %d leaves the ports %s free, tried %d; choose one with -D%s"
            .formatted(LOWEST_OFFSET, HIGHEST_OFFSET, DEFAULT_PORTS, ATTEMPTS, OFFSET));
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
