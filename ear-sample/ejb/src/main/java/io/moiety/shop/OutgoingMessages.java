package io.moiety.shop;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import java.time.Duration;

/**
 * Sends the shop's messages. The only class that knows a connection factory, so the reference to it
 * is bound to the server's in one place ({@code jboss-ejb3.xml}).
 *
 * <p>It insists on the caller's transaction: the messages are the caller's, and their fate is its
 * outcome.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.MANDATORY)
public class OutgoingMessages {
  @Resource(name = "jms/shop")
  private ConnectionFactory connections;

  /**
   * Tells fulfilment of a new order, and the cashier to look at it when the time to pay is over.
   */
  public void orderPlaced(OrderMessage order, Duration paymentTimeout) {
    try (JMSContext context = connections.createContext()) {
      context
          .createProducer()
          .send(context.createQueue(Destinations.ORDERS), order.toJson())
          .setDeliveryDelay(paymentTimeout.toMillis())
          .send(context.createQueue(Destinations.PAYMENT_TIMEOUTS), order.toJson());
    }
  }

  /** Tells the warehouse to pack. */
  public void orderConfirmed(OrderMessage order) {
    try (JMSContext context = connections.createContext()) {
      context.createProducer().send(context.createQueue(Destinations.SHIPMENTS), order.toJson());
    }
  }
}
