package io.moiety.client;

/** What a request counts towards, and what its time-out means. */
enum RequestKind {
  /** Limited in number and bytes by the configuration. */
  SEND,
  /**
   * Has a reserve above that limit, so that many waiting sends cannot keep a transaction from being
   * decided.
   */
  CONTROL,
  /**
   * As {@link #CONTROL}, but its answer hands something over. Nobody would own what a late answer
   * hands over, so its time-out ends the connection, whereby the broker takes everything back.
   */
  HANDING_OVER
}
