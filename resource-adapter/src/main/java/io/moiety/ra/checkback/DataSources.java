package io.moiety.ra.checkback;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Where data sources are found by their names. */
@FunctionalInterface
public interface DataSources {

  /** The server's naming. */
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
      return dataSource;
    }
    throw new NamingException(name + " is no data source, but a " + found);
  }
}
