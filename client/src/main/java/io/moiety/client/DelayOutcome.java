package io.moiety.client;

/** What became of a delayed message that was to be cancelled, or delivered at once. */
public enum DelayOutcome {
  /** It is never delivered. */
  CANCELLED,
  /** It was delivered by this request. */
  DELIVERED,
  /** It had been delivered before. */
  ALREADY_DELIVERED,
  /** The broker has no such message, or not any more. */
  UNKNOWN
}
