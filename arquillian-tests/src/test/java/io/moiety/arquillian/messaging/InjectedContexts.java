package io.moiety.arquillian.messaging;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSConnectionFactoryDefinition;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSSessionMode;

/**
 * Contexts of the server's making, at factories of the server and of the application, and the
 * factory itself. In the caller's transaction, or in none.
 */
@JMSConnectionFactoryDefinition(name = InjectedContexts.DEFINED, resourceAdapter = "moiety-ra")
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class InjectedContexts {

  static final String CONFIGURED = "java:app/jms/orders-messages";
  static final String DEFINED = "java:app/jms/messagingDefined";

  @Inject
  @JMSConnectionFactory(CONFIGURED)
  private JMSContext configured;

  @Inject
  @JMSConnectionFactory(DEFINED)
  private JMSContext defined;

  @Inject
  @JMSConnectionFactory(CONFIGURED)
  @JMSSessionMode(JMSContext.DUPS_OK_ACKNOWLEDGE)
  private JMSContext lazilyAcknowledging;

  @Resource(lookup = CONFIGURED)
  private ConnectionFactory factory;

  public JMSContext configured() {
    return configured;
  }

  public JMSContext defined() {
    return defined;
  }

  public JMSContext lazilyAcknowledging() {
    return lazilyAcknowledging;
  }

  public ConnectionFactory factory() {
    return factory;
  }
}
