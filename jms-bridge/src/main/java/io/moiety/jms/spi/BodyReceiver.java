package io.moiety.jms.spi;

import jakarta.jms.JMSException;
import org.jspecify.annotations.Nullable;

/**
 * Receives a body in place of a message, which the classic interfaces lack: a message whose body
 * cannot be given as the type counts as not delivered, where the session acknowledges by itself.
 */
public interface BodyReceiver {

  /**
   * Receives the next message's body.
   *
   * @param timeoutMillis 0 for no end, null for not waiting
   * @throws jakarta.jms.MessageFormatException when the body cannot be given as the type
   */
  <T> @Nullable T receiveBody(Class<T> type, @Nullable Long timeoutMillis) throws JMSException;
}
