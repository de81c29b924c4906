package io.moiety.ra.outbound;

import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.resource.spi.SecurityException;

/** The one place where exceptions of Jakarta Messaging and of Connectors become each other. */
final class Failures {

  private Failures() {}

  /** Of a connection that could not be made. */
  static ResourceException unconnected(JMSException failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof JMSSecurityException
        ? new SecurityException(message, failure)
        : new ResourceAllocationException(message, failure);
  }

  /** Of anything else that a managed connection does for its container. */
  static ResourceException internal(String doing, JMSException failure) {
    return new ResourceAdapterInternalException(
        "Could not " + doing + ": " + failure.getMessage(), failure);
  }

  /** Of a pool that gave no connection: the broker's own refusal where there is one. */
  static JMSException unallocated(ResourceException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof JMSException refusal) {
        return refusal;
      }
    }
    return caused(
        failure instanceof SecurityException
            ? new JMSSecurityException(failure.getMessage())
            : new JMSException(
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
