package io.moiety.arquillian.adapter;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactoryDefinition;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSDestinationDefinition;
import jakarta.jms.Queue;
import jakarta.resource.AdministeredObjectDefinition;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;

/** Defines what it needs by the portable annotations, so that the server has to be told nothing. */
@ConnectionFactoryDefinition(
    name = "java:app/jms/factory",
    interfaceName = "jakarta.jms.ConnectionFactory",
    resourceAdapter = "moiety-ra",
    transactionSupport = TransactionSupportLevel.XATransaction)
@AdministeredObjectDefinition(
    name = "java:app/jms/orders",
    className = "io.moiety.jms.MoietyQueue",
    interfaceName = "jakarta.jms.Queue",
    resourceAdapter = "moiety-ra",
    properties = "name=" + Orders.ORDERS)
@JMSConnectionFactoryDefinition(
    name = "java:app/jms/messagingFactory",
    resourceAdapter = "moiety-ra")
@JMSDestinationDefinition(
    name = "java:app/jms/audit",
    interfaceName = "jakarta.jms.Queue",
    className = "io.moiety.jms.MoietyQueue",
    resourceAdapter = "moiety-ra",
    properties = "name=" + Orders.AUDIT)
@Stateless
public class DefinedBean {

  @Resource(lookup = "java:app/jms/factory")
  private ConnectionFactory factory;

  @Resource(lookup = "java:app/jms/orders")
  private Queue orders;

  @Resource(lookup = "java:app/jms/messagingFactory")
  private ConnectionFactory messagingFactory;

  @Resource(lookup = "java:app/jms/audit")
  private Queue audit;

  public void send(String text) {
    try (JMSContext messaging = factory.createContext()) {
      messaging.createProducer().send(orders, text);
    }
    try (JMSContext messaging = messagingFactory.createContext()) {
      messaging.createProducer().send(audit, text);
    }
  }
}
