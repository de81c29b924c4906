package io.moiety.ra.checkback;

import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * A server's data sources, by their names in its directory.
 *
 * @param asksComponents whether the server is Payara or GlassFish, whose pools ask the component
 *     that is being called for its transaction
 */
record ServerDataSources(boolean asksComponents) {

  @SuppressWarnings("BanJNDI") // The server's own directory, by a name that its deployer chose.
  DataSource find(String name) throws NamingException {
    Object found = InitialContext.doLookup(name);
    if (!(found instanceof DataSource dataSource)) {
      throw new NamingException(name + " is no data source, but a " + found);
    }
    Optional<DataSource> completing = completing(name);
    if (completing.isEmpty() && asksComponents) {
      throw new NamingException(
          "Payara and GlassFish have no "
              + completingName(name)
              + ", through which a row could be part of a transaction that completes. Name the data"
              + " source as the server's resources do, jdbc/orders say, and not by a reference of"
              + " a component such as java:comp/env/jdbc/orders");
    }
    return completing.orElse(dataSource);
  }

  /**
   * The same pool as Payara and GlassFish give it to persistence providers, under its name with an
   * ending. By its own name the component has no transaction any more while that completes: the
   * connection would be another one, in auto-commit mode. To keep one open from the send on is no
   * way out: such a pool shares a connection that is not XA only while nobody has it open, so the
   * application's next one would be a second physical connection.
   *
   * <p>To be called after its own name was looked up, since that brings a data source up there.
   */
  @SuppressWarnings("BanJNDI") // As above.
  private static Optional<DataSource> completing(String name) {
    try {
      Object found = InitialContext.doLookup(completingName(name));
      return found instanceof DataSource dataSource ? Optional.of(dataSource) : Optional.empty();
    } catch (NamingException otherServer) {
      return Optional.empty();
    }
  }

  private static String completingName(String name) {
    return name + "__pm";
  }
}
