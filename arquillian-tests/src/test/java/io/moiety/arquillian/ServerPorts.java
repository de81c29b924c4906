package io.moiety.arquillian;

import io.moiety.arquillian.server.ArquillianDomain;
import io.moiety.arquillian.server.FreePorts;
import io.moiety.arquillian.server.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Chooses the server's ports before Arquillian reads its configuration, so that builds on one
 * machine do not meet. {@code -Dwildfly.portOffset=…} chooses WildFly's by hand.
 *
 * <p>WildFly adds one offset to all of its ports; Payara has them in a domain, which is made for
 * the run. {@code arquillian.xml} takes what follows, and the port of the broker inside the server,
 * out of the system properties set here.
 */
public final class ServerPorts implements LauncherSessionListener {

  private static final String OFFSET = "wildfly.portOffset";
  private static final String MANAGEMENT_PORT = "wildfly.managementPort";
  private static final String BROKER_PORT = "moiety.listenPort";
  private static final int DEFAULT_MANAGEMENT_PORT = 9990;

  /** Recovery and its status, IIOP, AJP, HTTP, management. */
  private static final List<Integer> DEFAULT_PORTS =
      List.of(4712, 4713, 3528, 3529, 8009, 8080, 8443, DEFAULT_MANAGEMENT_PORT, 9993);

  private Optional<ArquillianDomain> domain = Optional.empty();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    int brokerPort = FreePorts.any();
    System.setProperty(BROKER_PORT, Integer.toString(brokerPort));
    switch (ServerKind.ofThisRun()) {
      case WILDFLY -> chooseOffset();
      case PAYARA -> layDomain(brokerPort);
    }
  }

  private static void chooseOffset() {
    Integer chosen = Integer.getInteger(OFFSET);
    int offset = chosen == null ? FreePorts.offset(DEFAULT_PORTS) : chosen;
    System.setProperty(OFFSET, Integer.toString(offset));
    System.setProperty(MANAGEMENT_PORT, Integer.toString(DEFAULT_MANAGEMENT_PORT + offset));
  }

  private void layDomain(int brokerPort) {
    try {
      ArquillianDomain laid = ArquillianDomain.lay(brokerPort);
      System.setProperty("payara.domain", laid.name());
      System.setProperty("payara.adminPort", Integer.toString(laid.adminPort()));
      domain = Optional.of(laid);
    } catch (IOException failure) {
      throw new UncheckedIOException("a domain of Payara for this run", failure);
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    domain.ifPresent(ArquillianDomain::close);
  }
}
