package io.moiety.ra;

import jakarta.jms.Message;

/**
 * The listener interface of message-driven beans that answer for a producer group themselves: the
 * broker asks what became of a half message that nobody resolved. Not to be called in a transaction
 * ({@code NOT_SUPPORTED}): it looks up what has been decided, and decides nothing.
 *
 * <p>An exception is {@link Outcome#UNKNOWN}, and so is no bean at all.
 */
public interface TransactionChecker {

  /** What became of the transaction that the message belongs to. */
  enum Outcome {
    COMMIT,
    ROLLBACK,
    /** Not known now: the broker asks again later. */
    UNKNOWN
  }

  /**
   * The outcome for a message.
   *
   * @param message with all that its producer put into it
   */
  Outcome check(Message message);
}
