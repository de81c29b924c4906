package io.moiety.ra.checkback;

import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Where data sources are found by their names. */
@FunctionalInterface
public interface DataSources {

  /**
   * The server's naming, with what joins the transaction of the calling thread whenever it is
   * asked.
   */
  DataSources JNDI = DataSources::ofServer;

  /**
   * The data source of a name.
   *
   * @throws NamingException when there is none, or not yet
   */
  DataSource find(String name) throws NamingException;

  @SuppressWarnings("BanJNDI") // The server's own directory, by a name that its deployer chose.
  private static DataSource ofServer(String name) throws NamingException {
    Object found = InitialContext.doLookup(name);
    if (found instanceof DataSource dataSource) {
      return completing(name).orElse(dataSource);
    }
    throw new NamingException(name + " is no data source, but a " + found);
  }

  /**
   * The same pool as Payara and GlassFish give it to persistence providers, under its name with an
   * ending. By its own name a pool asks the component that is being called for its transaction, and
   * that has none any more while it completes: the connection would be another one, in auto-commit
   * mode. To keep one open from the send on is no way out: such a pool shares a connection that is
   * not XA only while nobody has it open, so the application's next one would be a second physical
   * connection.
   *
   * <p>To be called after its own name was looked up, since that brings a data source up there.
   */
  @SuppressWarnings("BanJNDI") // As above.
  private static Optional<DataSource> completing(String name) {
    try {
      Object found = InitialContext.doLookup(name + "__pm");
      return found instanceof DataSource dataSource ? Optional.of(dataSource) : Optional.empty();
    } catch (NamingException otherServer) {
      return Optional.empty();
    }
  }
}
