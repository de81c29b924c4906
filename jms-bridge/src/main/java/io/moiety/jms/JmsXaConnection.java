package io.moiety.jms;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.jms.spi.InboundSpec;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueSession;
import jakarta.jms.XASession;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicSession;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
  public InboundReceiver openInbound(InboundSpec spec) throws JMSException {
    use();
    return JmsInboundReceiver.open(parts(), subscription(spec), spec.maxDeliveries());
  }

  private Subscription subscription(InboundSpec spec) throws JMSException {
    NamedDestination destination = DestinationNames.own(spec.destination());
    @Nullable String selector = spec.selector().orElse(null);
    if (destination.kind().isQueue()) {
      return Subscription.queue(destination, selector);
    }
    return Subscription.topic(
        destination,
        group(spec),
        spec.durable() && spec.subscriptionName().isPresent(),
        !spec.shared() && spec.subscriptionName().isPresent(),
        selector,
        Optional.empty());
  }

  private String group(InboundSpec spec) throws JMSException {
    if (spec.subscriptionName().isEmpty()) {
      return DestinationNames.transientGroup(UUID.randomUUID().toString());
    }
    String name = spec.subscriptionName().get();
    @Nullable String clientId = parts().clientId().orElse(null);
    if (!spec.durable()) {
      return DestinationNames.sharedGroup(clientId, name);
    }
    if (!spec.shared() && clientId == null) {
      throw new IllegalStateException(
          "Unshared durable subscription "
              + name
              + " belongs to a client id; set clientId, or share it");
    }
    return DestinationNames.durableGroup(clientId, name);
  }
}
