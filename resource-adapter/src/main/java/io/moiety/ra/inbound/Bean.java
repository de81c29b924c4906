package io.moiety.ra.inbound;

import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * A message-driven bean as its server offers it. Immutable.
 *
 * @param onMessage of the listener interface; by this method the server finds the bean's own
 * @param transacted whether the bean's container wants a transaction around each call
 * @param description of the activation, for messages
 * @param thread whichever delivers
 */
record Bean(
    MessageEndpointFactory endpoints,
    Method onMessage,
    boolean transacted,
    String description,
    DeliveryThread thread) {

  /**
   * @param transactions of the thread that delivers, where the server shows them
   */
  static Bean of(
      MessageEndpointFactory endpoints,
      String description,
      Optional<TransactionSynchronizationRegistry> transactions)
      throws ResourceException {
    try {
      Method onMessage = MessageListener.class.getMethod("onMessage", Message.class);
      return new Bean(
          endpoints,
          onMessage,
          endpoints.isDeliveryTransacted(onMessage),
          description,
          new DeliveryThread(transactions));
    } catch (NoSuchMethodException impossible) {
      throw new ResourceException(
          "The endpoint of " + description + " does not implement jakarta.jms.MessageListener",
          impossible);
    }
  }
}
