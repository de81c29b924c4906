package io.moiety.jms.spi;

import jakarta.jms.XASession;

/**
 * What every session of {@link AdapterConnection#createXASession} is; cast to it. For a container
 * that knows whether the session is to work in a branch: the transaction manager may roll that back
 * on a thread of its own between the container's look and the session's.
 */
public interface EnlistedSession extends XASession {

  /**
   * Says what the next sends and receives are for, until it is called again. By the thread that
   * uses the session.
   *
   * @param required true: outside of any branch they are refused with a {@link
   *     jakarta.jms.TransactionRolledBackException}; false: there they take effect at once
   */
  void requireBranch(boolean required);
}
