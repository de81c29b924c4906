package io.moiety.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XASession;
import javax.transaction.xa.XAResource;

/** A context whose transactions a transaction manager decides. */
final class JmsXaContext extends JmsContext implements XAJMSContext {

  private JmsXaContext(SharedConnection shared) {
    super(shared, SESSION_TRANSACTED);
  }

  static JmsXaContext open(XAConnection connection) {
    return new JmsXaContext(new SharedConnection((Connection) connection));
  }

  @Override
  Session makeSession(Connection connection, int mode) throws JMSException {
    return ((XAConnection) connection).createXASession();
  }

  @Override
  public JMSContext getContext() {
    return this;
  }

  @Override
  public XAResource getXAResource() {
    return Unchecked.get(() -> ((XASession) session()).getXAResource());
  }
}
