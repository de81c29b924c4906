package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.ra.checkback.ReceivedMessages;
import jakarta.jms.JMSException;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import java.sql.SQLException;

/**
 * Gives one message to a bean whose transaction records it in the bean's own database, without XA:
 * a row that commits with the bean's work says that the message was processed. It is acknowledged
 * when that is known; if the acknowledgement is lost, the message comes again and is recognised.
 *
 * <p>The row is inserted, and the broker asked whether the message is still leased to this
 * receiver, before the bean is called. Stateless.
 */
final class RecordedDelivery {

  private static final System.Logger LOGGER = System.getLogger(RecordedDelivery.class.getName());

  private final MessageEndpointFactory endpoints;
  private final Method onMessage;
  private final ReceivedMessages received;
  private final String description;

  RecordedDelivery(
      MessageEndpointFactory endpoints,
      Method onMessage,
      ReceivedMessages received,
      String description) {
    this.endpoints = endpoints;
    this.onMessage = onMessage;
    this.received = received;
    this.description = description;
  }

  EndpointDelivery.Outcome deliver(InboundReceiver receiver, InboundMessage message) {
    try {
      String group = receiver.consumerGroup();
      String id = message.message().getJMSMessageID();
      // One that was never handed over was not processed; should that not be known, the row knows.
      if (message.deliveryCount() > 1 && received.wasProcessed(group, id)) {
        return acknowledged(message);
      }
      MessageEndpoint endpoint = endpoints.createEndpoint(null);
      try {
        return deliver(endpoint, message, group, id);
      } finally {
        endpoint.release();
      }
    } catch (SQLException | JMSException | UnavailableException notReady) {
      return unavailable(message, notReady);
    }
  }

  private EndpointDelivery.Outcome deliver(
      MessageEndpoint endpoint, InboundMessage message, String group, String id)
      throws SQLException, UnavailableException {
    if (!(endpoint instanceof MessageListener listener)) {
      throw new UnavailableException("the endpoint is no jakarta.jms.MessageListener");
    }
    try {
      endpoint.beforeDelivery(onMessage);
    } catch (NoSuchMethodException | ResourceException notStarted) {
      return unavailable(message, notStarted);
    }
    ReceivedMessages.Processing processing;
    try {
      processing = received.record(group, id);
      confirm(message);
    } catch (SQLException | JMSException refused) {
      complete(endpoint);
      return received.wasProcessed(group, id)
          ? acknowledged(message)
          : unavailable(message, refused);
    }
    boolean taken = callBean(listener, message);
    complete(endpoint);
    boolean processed = processing.isCommitted() || (taken && wasProcessedAfterAll(group, id));
    return processed ? acknowledged(message) : failed(message);
  }

  /** A transaction that holds a message of somebody else is given up. */
  private void confirm(InboundMessage message) throws JMSException {
    try {
      message.confirmHandOver();
    } catch (JMSException lost) {
      received.giveUp();
      throw lost;
    }
  }

  /** Servers report a lost answer to the database's commit as a rollback. */
  private boolean wasProcessedAfterAll(String group, String id) {
    try {
      return received.wasProcessed(group, id);
    } catch (SQLException unknown) {
      LOGGER.log(DEBUG, "Whether a message was processed shows when it comes again", unknown);
      return false;
    }
  }

  private boolean callBean(MessageListener listener, InboundMessage message) {
    try {
      listener.onMessage(message.message());
      return true;
    } catch (RuntimeException | Error thrown) {
      // The bean's; the server has logged it and rolls the transaction back.
      LOGGER.log(DEBUG, () -> "The bean of " + description + " failed", thrown);
      return false;
    }
  }

  /** How it ended, the transaction itself says. */
  private void complete(MessageEndpoint endpoint) {
    try {
      endpoint.afterDelivery();
    } catch (ResourceException failure) {
      LOGGER.log(
          WARNING,
          "The transaction of {0} may not have committed: {1}",
          description,
          failure.getMessage());
    }
  }

  private EndpointDelivery.Outcome acknowledged(InboundMessage message) {
    try {
      message.acknowledge();
      return EndpointDelivery.Outcome.TAKEN;
    } catch (JMSException lost) {
      LOGGER.log(
          WARNING,
          "A processed message for {0} comes again and will be recognised: {1}",
          description,
          lost.getMessage());
      return failed(message);
    }
  }

  private EndpointDelivery.Outcome failed(InboundMessage message) {
    giveBack(message);
    return EndpointDelivery.Outcome.FAILED;
  }

  private EndpointDelivery.Outcome unavailable(InboundMessage message, Exception cause) {
    giveBack(message);
    LOGGER.log(
        WARNING,
        "The endpoint of {0} cannot be called at the moment: {1}",
        description,
        cause.getMessage());
    return EndpointDelivery.Outcome.UNAVAILABLE;
  }

  private static void giveBack(InboundMessage message) {
    try {
      message.giveBack();
    } catch (JMSException lost) {
      // The broker gives back everything of a connection that ends, and this one is about to.
      LOGGER.log(DEBUG, "A message could not be given back", lost);
    }
  }
}
