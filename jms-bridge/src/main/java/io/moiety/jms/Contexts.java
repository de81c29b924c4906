package io.moiety.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSContext;

/**
 * The simplified interface for whoever offers connections of his own, as the resource adapter does.
 * Stateless.
 */
public final class Contexts {

  private Contexts() {}

  /**
   * A context for an application in a web or EJB container, over a connection that it owns and
   * closes. Its calls are the connection's, which refuses what is not for such applications; beside
   * that it makes no other contexts and sends nothing asynchronously.
   *
   * @param sessionMode one of {@link JMSContext}'s
   */
  public static JMSContext inServer(Connection connection, int sessionMode) {
    return new ServerContext(connection, sessionMode);
  }
}
