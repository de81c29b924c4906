package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.ra.checkback.ReceivedMessages;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.xa.ObservedXaResource;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.jms.JMSException;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * Gives one message to a bean, in a transaction of the server or outside of one.
 *
 * <p>In a transaction the server starts the branch before the bean is called, and the message's
 * acknowledgement is part of it: whatever makes the transaction fail, up to the bean's own {@code
 * setRollbackOnly}, brings the message back. Stateless.
 */
final class EndpointDelivery {

  private static final System.Logger LOGGER = System.getLogger(EndpointDelivery.class.getName());

  /** What came of it. */
  enum Outcome {
    /** The bean took the message, and its transaction, if any, committed. */
    TAKEN,
    /** The bean threw or its transaction did not commit: the message comes again, counted. */
    FAILED,
    /**
     * The bean was not called, because the server was not ready: the message comes again, not
     * counted.
     */
    UNAVAILABLE
  }

  private final MessageEndpointFactory endpoints;
  private final Method onMessage;
  private final boolean transacted;
  private final String description;
  private final AdapterMetrics metrics;
  private final RecoveryWatch recovery;
  private final Optional<RecordedDelivery> recorded;

  private EndpointDelivery(
      MessageEndpointFactory endpoints,
      Method onMessage,
      boolean transacted,
      String description,
      AdapterMetrics metrics,
      RecoveryWatch recovery,
      Optional<RecordedDelivery> recorded) {
    this.endpoints = endpoints;
    this.onMessage = onMessage;
    this.transacted = transacted;
    this.description = description;
    this.metrics = metrics;
    this.recovery = recovery;
    this.recorded = recorded;
  }

  /**
   * @param description of the activation, for messages
   */
  static EndpointDelivery to(
      MessageEndpointFactory endpoints,
      String description,
      AdapterMetrics metrics,
      RecoveryWatch recovery)
      throws ResourceException {
    return to(endpoints, description, metrics, recovery, Optional.empty());
  }

  /**
   * @param received where transacted beans record what they processed, in place of XA
   */
  static EndpointDelivery to(
      MessageEndpointFactory endpoints,
      String description,
      AdapterMetrics metrics,
      RecoveryWatch recovery,
      Optional<ReceivedMessages> received)
      throws ResourceException {
    try {
      Method onMessage = MessageListener.class.getMethod("onMessage", jakarta.jms.Message.class);
      return new EndpointDelivery(
          endpoints,
          onMessage,
          endpoints.isDeliveryTransacted(onMessage),
          description,
          metrics,
          recovery,
          received.map(in -> new RecordedDelivery(endpoints, onMessage, in, description)));
    } catch (NoSuchMethodException impossible) {
      throw new ResourceException(
          "The endpoint of " + description + " does not implement jakarta.jms.MessageListener",
          impossible);
    }
  }

  boolean isTransacted() {
    return transacted;
  }

  Outcome deliver(InboundReceiver receiver, InboundMessage message) {
    if (transacted && recorded.isPresent()) {
      return recorded.get().deliver(receiver, message);
    }
    MessageEndpoint endpoint;
    DeliveryBranch branch = new DeliveryBranch(metrics, recovery);
    try {
      endpoint =
          endpoints.createEndpoint(
              transacted ? new ObservedXaResource(receiver.xaResource(), branch) : null);
    } catch (UnavailableException | RuntimeException | Error notReady) {
      // Of an application that is being stopped, a server's endpoints may throw anything.
      return unavailable(message, notReady);
    }
    try {
      if (!(endpoint instanceof MessageListener listener)) {
        return unavailable(
            message, new UnavailableException("the endpoint is no jakarta.jms.MessageListener"));
      }
      return transacted
          ? deliverTransacted(message, endpoint, listener, branch)
          : deliverPlain(message, listener);
    } finally {
      release(endpoint);
    }
  }

  private Outcome deliverTransacted(
      InboundMessage message,
      MessageEndpoint endpoint,
      MessageListener listener,
      DeliveryBranch branch) {
    try {
      endpoint.beforeDelivery(onMessage);
    } catch (NoSuchMethodException | ResourceException | RuntimeException | Error notStarted) {
      // As above.
      return unavailable(message, notStarted);
    }
    boolean taken = callBean(listener, message);
    boolean completed = complete(endpoint);
    return taken && completed && !branch.isRolledBack() ? Outcome.TAKEN : failed(message);
  }

  private Outcome deliverPlain(InboundMessage message, MessageListener listener) {
    if (!callBean(listener, message)) {
      return failed(message);
    }
    try {
      message.acknowledge();
      return Outcome.TAKEN;
    } catch (JMSException failure) {
      LOGGER.log(WARNING, "A message for {0} comes again: {1}", description, failure.getMessage());
      return failed(message);
    }
  }

  private boolean callBean(MessageListener listener, InboundMessage message) {
    try {
      message.handOver();
      listener.onMessage(message.message());
      return true;
    } catch (RuntimeException | Error thrown) {
      // The bean's; the server has logged it and rolls the transaction back.
      LOGGER.log(DEBUG, () -> "The bean of " + description + " failed", thrown);
      return false;
    }
  }

  private boolean complete(MessageEndpoint endpoint) {
    try {
      endpoint.afterDelivery();
      return true;
    } catch (ResourceException | RuntimeException | Error failure) {
      // As above.
      LOGGER.log(
          WARNING,
          "The transaction of {0} did not commit; its message comes again: {1}",
          description,
          failure.toString());
      return false;
    }
  }

  /** A message that came into no branch must not be acknowledged with the next one. */
  private Outcome failed(InboundMessage message) {
    giveBack(message);
    return Outcome.FAILED;
  }

  private Outcome unavailable(InboundMessage message, Throwable cause) {
    giveBack(message);
    LOGGER.log(
        WARNING,
        "The endpoint of {0} cannot be called at the moment: {1}",
        description,
        cause.toString());
    return Outcome.UNAVAILABLE;
  }

  private void release(MessageEndpoint endpoint) {
    try {
      endpoint.release();
    } catch (RuntimeException | Error failure) {
      // As above; the outcome is known, and this must not hide it.
      LOGGER.log(DEBUG, () -> "An endpoint of " + description + " was not released", failure);
    }
  }

  private void giveBack(InboundMessage message) {
    try {
      message.giveBack();
    } catch (JMSException lost) {
      // The broker gives back everything of a connection that ends, and this one is about to.
      LOGGER.log(DEBUG, "A message could not be given back", lost);
    }
  }
}
