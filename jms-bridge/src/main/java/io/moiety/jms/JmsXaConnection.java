package io.moiety.jms;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.jms.spi.InboundSpec;
import io.moiety.jms.spi.Outlet;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueSession;
import jakarta.jms.XASession;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicSession;
import java.time.Clock;

/** A connection whose sessions a transaction manager can decide about. Thread-safe. */
final class JmsXaConnection extends JmsConnection
    implements XAQueueConnection, XATopicConnection, AdapterConnection {

  JmsXaConnection(ConnectionSettings settings, Domain domain, Link.Source source, Clock clock)
      throws JMSException {
    super(settings, domain, source, clock);
  }

  @Override
  public boolean isOpen() {
    return super.isOpen();
  }

  @Override
  public String storeUuid() {
    return parts().link().storeUuid();
  }

  @Override
  public XASession createXASession() throws JMSException {
    return session(domain());
  }

  @Override
  public XAQueueSession createXAQueueSession() throws JMSException {
    return session(Domain.QUEUES);
  }

  @Override
  public XATopicSession createXATopicSession() throws JMSException {
    return session(Domain.TOPICS);
  }

  private JmsXaSession session(Domain sessionDomain) throws JMSException {
    use();
    return register(JmsXaSession.open(parts(), sessionDomain, nextSessionNumber(), this::forget));
  }

  @Override
  public Session createSession(Outlet outlet) throws JMSException {
    use();
    return register(JmsSession.open(parts(), domain(), nextSessionNumber(), outlet, this::forget));
  }

  @Override
  public void deleteTemporaryDestinations() throws JMSException {
    parts().temporaries().deleteAll();
  }

  @Override
  public InboundReceiver openInbound(InboundSpec spec) throws JMSException {
    use();
    SubscriptionRules rules = new SubscriptionRules(parts().clientId(), parts().senderId());
    return JmsInboundReceiver.open(parts(), rules.inbound(spec), spec);
  }
}
