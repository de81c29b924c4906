package io.moiety.ra.outbound;

import io.moiety.client.BrokerAddress;
import io.moiety.client.ConnectFailedException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.resource.spi.SecurityException;
import java.util.List;

/** The one place where exceptions of Jakarta Messaging and of Connectors become each other. */
final class Failures {

  private Failures() {}

  /**
   * Of a connection that could not be made.
   *
   * @param user whom it was for; empty for whoever is configured
   * @param mode of the connection factory
   */
  static ResourceException unconnected(JMSException failure, String user, TransactionMode mode) {
    String message = String.valueOf(failure.getMessage());
    List<BrokerAddress> rocketMq = rocketMqAddresses(failure);
    if (!rocketMq.isEmpty()) {
      return new NotSupportedException(onRocketMq(rocketMq, mode) + ". " + message, failure);
    }
    if (failure instanceof JMSSecurityException) {
      return new SecurityException(
          message
              + ". Check "
              + (user.isEmpty()
                  ? "the properties user and password of the connection factory, or of the resource"
                      + " adapter"
                  : "the password of user " + user)
              + ", and what the broker lets that user do",
          failure);
    }
    return new ResourceAllocationException(message, failure);
  }

  private static List<BrokerAddress> rocketMqAddresses(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectFailedException unconnected) {
        return unconnected.rocketMqAddresses();
      }
    }
    return List.of();
  }

  private static String onRocketMq(List<BrokerAddress> addresses, TransactionMode mode) {
    String where = "The property addresses names Apache RocketMQ, at " + addresses;
    return mode == TransactionMode.XA
        ? where
            + ". transactionMode = XA cannot be had there: RocketMQ asks any member of a producer"
            + " group and gives a half message up after a number of checks, so nothing that was"
            + " prepared would be safe. Set addresses to Moiety brokers"
        : where
            + ", to which this version of the adapter does not send, in transactionMode "
            + mode
            + " neither. Set addresses to Moiety brokers";
  }

  /** Of a container that did not let a connection take part in the transaction. */
  static JMSException notEnlisted(ResourceException refused) {
    return caused(
        new JMSException(
            "The server did not let the connection take part in the transaction: "
                + refused.getMessage(),
            refused.getErrorCode()),
        refused);
  }

  /** Of anything else that a managed connection does for its container. */
  static ResourceException internal(String doing, JMSException failure) {
    return new ResourceAdapterInternalException(
        "Could not " + doing + ": " + failure.getMessage(), failure);
  }

  /** Of a pool that gave no connection: the reason of whoever could not make one. */
  static JMSException unallocated(ResourceException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SecurityException refused) {
        return caused(new JMSSecurityException(refused.getMessage()), failure);
      }
      if (cause instanceof NotSupportedException refused) {
        return caused(new JMSException(refused.getMessage()), failure);
      }
      if (cause instanceof JMSException reason) {
        return reason;
      }
    }
    return caused(
        new JMSException(
            "The connection pool gave no connection: " + failure.getMessage(),
            failure.getErrorCode()),
        failure);
  }

  /** A call that Jakarta Messaging keeps from applications in web and EJB containers. */
  static jakarta.jms.IllegalStateException forbidden(String call, String instead) {
    return new jakarta.jms.IllegalStateException(
        call + " is not for applications in a Jakarta EE server; " + instead);
  }

  static jakarta.jms.IllegalStateException closed(String what) {
    return new jakarta.jms.IllegalStateException(
        "This " + what + " is closed, or the server has taken it back; make a new one");
  }

  private static JMSException caused(JMSException exception, Exception cause) {
    exception.initCause(cause);
    exception.setLinkedException(cause);
    return exception;
  }
}
