package io.moiety.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;

/** The connection that made temporary destinations. */
interface TemporaryOwner {

  /**
   * Deletes one that it made.
   *
   * @throws JMSException while it has consumers, or when the broker cannot be reached
   */
  void deleteTemporary(NamedDestination destination) throws JMSException;

  static JMSException notTheOwner(NamedDestination destination) {
    return new IllegalStateException(
        destination + " was made by another connection, which alone can delete it");
  }
}
