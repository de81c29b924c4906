package io.moiety.jms.spi;

import io.moiety.client.OutgoingMessage;
import jakarta.jms.JMSException;

/**
 * Where a session's messages may go instead of straight to the broker: to whoever sends them as
 * half messages of a transaction. Asked for each message that is ready to be sent, on the thread
 * that sends it.
 */
@FunctionalInterface
public interface Outlet {

  /** Takes nothing. */
  Outlet NONE = message -> false;

  /**
   * Takes a message over, or leaves it to the session, which sends it at once.
   *
   * @return true when it was taken; the session does not wait for it
   * @throws JMSException when it may be sent neither way now
   */
  boolean take(OutgoingMessage message) throws JMSException;
}
