package io.moiety.client;

/** What a client tells its owner unasked. Called on the client's event loop: never block in it. */
public interface ClientEvents {

  /** For owners that learn of a lost connection soon enough from their requests. */
  ClientEvents IGNORED = cause -> {};

  /**
   * The connection ended, other than by {@link MoietyClient#close}. Called once, after all waiting
   * requests failed; the client is of no further use.
   */
  void connectionLost(Throwable cause);
}
