package io.moiety.jms;

import io.moiety.jms.spi.EnlistedSession;
import io.moiety.jms.spi.Outlet;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TopicSession;
import jakarta.jms.XAQueueSession;
import jakarta.jms.XATopicSession;
import java.util.function.Consumer;
import javax.transaction.xa.XAResource;

/**
 * A session whose transactions a transaction manager decides. While it works in no branch, sends
 * take effect and messages are acknowledged at once.
 */
final class JmsXaSession extends JmsSession
    implements XAQueueSession, XATopicSession, EnlistedSession {

  private final JmsXaResource resource;
  private final XaAssociation association;

  private JmsXaSession(
      ConnectionParts parts,
      Domain domain,
      int number,
      Deliveries deliveries,
      XaAssociation association,
      JmsXaResource resource,
      Consumer<JmsSession> onClose) {
    super(
        parts,
        domain,
        AcknowledgeMode.TRANSACTED,
        number,
        deliveries,
        association,
        Outlet.NONE,
        onClose);
    this.resource = resource;
    this.association = association;
  }

  static JmsXaSession open(
      ConnectionParts parts, Domain domain, int number, Consumer<JmsSession> onClose) {
    Deliveries deliveries = new Deliveries(parts.link());
    XaAssociation association = new XaAssociation(deliveries);
    JmsXaResource resource =
        new JmsXaResource(
            parts.link(),
            parts.branches(),
            association,
            deliveries,
            parts.lostAnswers(),
            parts.settings().branchTimeoutSeconds());
    return new JmsXaSession(parts, domain, number, deliveries, association, resource, onClose);
  }

  @Override
  public void requireBranch(boolean required) {
    association.requireBranch(required);
  }

  @Override
  public XAResource getXAResource() {
    return resource;
  }

  @Override
  public Session getSession() {
    return this;
  }

  @Override
  public QueueSession getQueueSession() {
    return this;
  }

  @Override
  public TopicSession getTopicSession() {
    return this;
  }
}
