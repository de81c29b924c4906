package io.moiety.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;

/**
 * The simplified interface for whoever offers connections of his own, as the resource adapter does.
 * Stateless.
 */
public final class Contexts {

  private Contexts() {}

  /**
   * A context over a connection, which it owns and closes with the last context made from it.
   *
   * @param sessionMode one of {@link JMSContext}'s
   * @throws jakarta.jms.JMSRuntimeException when there is no such mode
   */
  public static JMSContext over(Connection connection, int sessionMode) {
    try {
      return JmsContext.open(connection, sessionMode);
    } catch (JMSException unknownMode) {
      throw JmsExceptions.unchecked(unknownMode);
    }
  }
}
