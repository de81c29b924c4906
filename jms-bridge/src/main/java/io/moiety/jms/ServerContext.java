package io.moiety.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;

/**
 * A context in a web or EJB container. Separate, since there its connection has no second session,
 * and nothing is told on threads of ours.
 */
final class ServerContext extends JmsContext {

  ServerContext(Connection connection, int sessionMode) {
    super(new SharedConnection(connection), sessionMode);
  }

  @Override
  public JMSContext createContext(int sessionMode) {
    throw forbidden("createContext", "create the context by its connection factory");
  }

  @Override
  public JMSProducer createProducer() {
    return Unchecked.get(() -> new ServerProducer(session(), session().createProducer(null)));
  }

  /** Not always what was asked for: a server's transaction, or the server, overrules that. */
  @Override
  public int getSessionMode() {
    return Unchecked.get(() -> session().getAcknowledgeMode());
  }

  static JMSRuntimeException forbidden(String call, String instead) {
    return new JMSRuntimeException(
        call + " is not for applications in a Jakarta EE server; " + instead);
  }
}
