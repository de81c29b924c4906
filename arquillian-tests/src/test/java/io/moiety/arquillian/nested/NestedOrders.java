package io.moiety.arquillian.nested;

import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactoryDefinition;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSDestinationDefinition;
import jakarta.jms.Queue;
import jakarta.resource.AdministeredObjectDefinition;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;

/** Defines all that it needs at the adapter of its own archive, and uses the server's one too. */
@ConnectionFactoryDefinition(
    name = "java:app/jms/nested",
    interfaceName = "jakarta.jms.ConnectionFactory",
    resourceAdapter = NestedOrders.ADAPTER,
    transactionSupport = TransactionSupportLevel.XATransaction)
@JMSConnectionFactoryDefinition(
    name = "java:app/jms/nestedMessaging",
    resourceAdapter = NestedOrders.ADAPTER)
@AdministeredObjectDefinition(
    name = "java:app/jms/nestedOrders",
    className = "io.moiety.jms.MoietyQueue",
    interfaceName = "jakarta.jms.Queue",
    resourceAdapter = NestedOrders.ADAPTER,
    properties = "name=" + NestedBean.QUEUE)
@JMSDestinationDefinition(
    name = "java:app/jms/nestedToo",
    interfaceName = "jakarta.jms.Queue",
    className = "io.moiety.jms.MoietyQueue",
    resourceAdapter = NestedOrders.ADAPTER,
    properties = "name=" + NestedBean.QUEUE)
@Stateless
public class NestedOrders {

  static final String ADAPTER = "#moiety-nested";

  @Resource(lookup = "java:app/jms/nested")
  private ConnectionFactory factory;

  @Resource(lookup = "java:app/jms/nestedMessaging")
  private ConnectionFactory messagingFactory;

  @Resource(lookup = "java:app/jms/nestedOrders")
  private Queue orders;

  @Resource(lookup = "java:app/jms/nestedToo")
  private Queue ordersToo;

  @Resource(name = "jms/orders")
  private ConnectionFactory serversFactory;

  /** One message through each factory of the archive's adapter. */
  public void send(String text) {
    send(factory, orders, text);
    send(messagingFactory, ordersToo, text);
  }

  public void sendAndThrow(String text) {
    send(text);
    throw new EJBException("after the sends");
  }

  /** Through the adapter that the server has. */
  public void sendByTheServers(String text) {
    try (JMSContext messaging = serversFactory.createContext()) {
      messaging.createProducer().send(messaging.createQueue(NestedBean.QUEUE), text);
    }
  }

  private static void send(ConnectionFactory factory, Queue queue, String text) {
    try (JMSContext messaging = factory.createContext()) {
      messaging.createProducer().send(queue, text);
    }
  }
}
