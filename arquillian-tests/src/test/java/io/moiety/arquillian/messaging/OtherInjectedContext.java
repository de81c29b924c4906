package io.moiety.arquillian.messaging;

import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;

/** Has the first context of {@link InjectedContexts} injected by the same annotations. */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class OtherInjectedContext {

  @Inject
  @JMSConnectionFactory(InjectedContexts.CONFIGURED)
  private JMSContext configured;

  public JMSContext configured() {
    return configured;
  }
}
