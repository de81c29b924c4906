package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.jms.spi.InboundMessage;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import java.util.Optional;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * One call of a bean, through an endpoint that the server makes for it: begin, call, complete and
 * in any case release.
 *
 * <p>Separate from what a delivery makes of it, because of an application that is being stopped a
 * server's endpoints may throw anything, and so may a bean: here it becomes the answer that the
 * server is not ready, or that the call did not succeed. For one thread.
 */
final class BeanCall {

  private static final System.Logger LOGGER = System.getLogger(BeanCall.class.getName());

  /** So many calls of one bean by another, each within the other, are seen to their end. */
  private static final int MAX_COMPLETIONS = 16;

  private final Bean bean;
  private final MessageEndpoint endpoint;
  private final MessageListener listener;

  private BeanCall(Bean bean, MessageEndpoint endpoint, MessageListener listener) {
    this.bean = bean;
    this.endpoint = endpoint;
    this.listener = listener;
  }

  /**
   * Takes an instance of the bean.
   *
   * @param resource takes part in the bean's transaction; null for none
   * @throws UnavailableException when the server has none at the moment
   */
  static BeanCall create(Bean bean, @Nullable XAResource resource) throws UnavailableException {
    MessageEndpoint endpoint;
    try {
      endpoint = bean.endpoints().createEndpoint(resource);
    } catch (RuntimeException | Error broken) {
      throw notReady(broken);
    }
    if (endpoint instanceof MessageListener listener) {
      return new BeanCall(bean, endpoint, listener);
    }
    release(bean, endpoint);
    throw new UnavailableException("the endpoint is no jakarta.jms.MessageListener");
  }

  /**
   * Begins the bean's transaction on this thread; nothing is to be completed when that fails.
   *
   * @throws UnavailableException when the server could not
   */
  void begin() throws UnavailableException {
    try {
      endpoint.beforeDelivery(bean.onMessage());
    } catch (NoSuchMethodException | ResourceException | RuntimeException | Error notStarted) {
      throw notReady(notStarted);
    }
  }

  /** Hands the message over to the bean; false when that threw. */
  boolean call(InboundMessage message) {
    try {
      message.handOver();
      listener.onMessage(message.message());
      return true;
    } catch (RuntimeException | Error thrown) {
      // The bean's; the server has logged it and rolls the transaction back.
      LOGGER.log(DEBUG, () -> "The bean of " + bean.description() + " failed", thrown);
      return false;
    }
  }

  /**
   * Ends the transaction that was begun; false when the server did not commit it, or does not say.
   *
   * <p>When an EJB was undeployed while the bean called it, Payara takes that call for the
   * delivery's and throws, with the delivery's own call next in turn: without another attempt its
   * transaction, its instance and its class loader would stay on the thread.
   */
  boolean complete() {
    Optional<Throwable> failure = tryComplete();
    if (failure.isEmpty()) {
      return true;
    }
    LOGGER.log(
        WARNING,
        "The server did not complete the transaction of {0}: {1}",
        bean.description(),
        failure.get().toString());
    for (int attempts = 1; attempts < MAX_COMPLETIONS && isLeftOnThread(failure); attempts++) {
      failure = tryComplete();
    }
    return false;
  }

  private boolean isLeftOnThread(Optional<Throwable> failure) {
    return failure.isPresent() && bean.thread().isInTransaction();
  }

  private Optional<Throwable> tryComplete() {
    try {
      endpoint.afterDelivery();
      return Optional.empty();
    } catch (ResourceException | RuntimeException | Error failure) {
      return Optional.of(failure);
    }
  }

  /** Gives the instance back. The outcome is known by now, and nothing here hides it. */
  void release() {
    release(bean, endpoint);
  }

  private static void release(Bean bean, MessageEndpoint endpoint) {
    try {
      endpoint.release();
    } catch (RuntimeException | Error failure) {
      LOGGER.log(
          DEBUG, () -> "An endpoint of " + bean.description() + " was not released", failure);
    }
  }

  private static UnavailableException notReady(Throwable cause) {
    return new UnavailableException(cause.toString(), cause);
  }
}
