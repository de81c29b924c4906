package io.moiety.ra.checkback;

import javax.naming.NamingException;
import javax.sql.DataSource;

/** Where data sources are found by their names. */
@FunctionalInterface
public interface DataSources {

  /**
   * The server's naming, with what joins the transaction of the calling thread whenever it is
   * asked.
   */
  DataSources JNDI =
      new ServerDataSources(System.getProperty("com.sun.aas.instanceRoot") != null)::find;

  /**
   * The data source of a name.
   *
   * @throws NamingException when there is none, or not yet
   */
  DataSource find(String name) throws NamingException;
}
