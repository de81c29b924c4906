package io.moiety.arquillian.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A domain of Payara among those of its installation, where Arquillian's container looks for it,
 * under a name of this process; closing it deletes it.
 */
public final class ArquillianDomain implements AutoCloseable {

  private final PayaraDomain domain;

  private ArquillianDomain(PayaraDomain domain) {
    this.domain = domain;
  }

  /**
   * Lays it out.
   *
   * @param brokerPort for a broker inside the server
   */
  public static ArquillianDomain lay(int brokerPort) throws IOException {
    return new ArquillianDomain(
        PayaraDomain.lay(
            ServerKind.PAYARA
                .home()
                .resolve("glassfish/domains")
                .resolve("moiety-" + ProcessHandle.current().pid()),
            List.of("-Dmoiety.listenPort=" + brokerPort),
            """
            <resource-adapter-config resource-adapter-name="moiety-ra">
              <property name="listenPort" value="${moiety.listenPort}"/>
            </resource-adapter-config>
            """));
  }

  public String name() {
    return domain.directory().getFileName().toString();
  }

  public int adminPort() {
    return domain.adminPort();
  }

  @Override
  public void close() {
    try {
      FileTree.delete(domain.directory());
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot delete " + domain.directory(), failure);
    }
  }
}
