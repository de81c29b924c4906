package io.moiety.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether a session is open, closing or closed, for all that belong to it: its producers, consumers
 * and browsers end with it. A session that is closing still answers its listeners' calls.
 *
 * <p>Thread-safe.
 */
final class SessionLife {

  private final DeliveryGate gate;
  private final CompletionQueue completions;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  SessionLife(DeliveryGate gate, CompletionQueue completions) {
    this.gate = gate;
    this.completions = completions;
  }

  void requireOpen() throws JMSException {
    if (closed) {
      throw JmsExceptions.closed("session");
    }
  }

  /**
   * @throws IllegalStateException from a listener of its own
   */
  void requireClosable() throws JMSException {
    gate.requireNotInListener("close");
    completions.requireNotInListener("close");
  }

  /**
   * True for the one call that is to close the session.
   *
   * @throws IllegalStateException from a listener of its own, unless all is over
   */
  boolean beginClose() throws JMSException {
    if (closed) {
      return false;
    }
    requireClosable();
    return closing.compareAndSet(false, true);
  }

  void ended() {
    closed = true;
  }
}
