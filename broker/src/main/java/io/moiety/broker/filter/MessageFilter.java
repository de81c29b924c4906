package io.moiety.broker.filter;

import io.moiety.protocol.RecordView;

/**
 * Decides which messages a consumer wants. Immutable and thread-safe; two filters that decide the
 * same way because they were written the same way are equal, so that what was found out for one
 * (how far a queue holds nothing for it) is known for the other.
 */
public interface MessageFilter {

  /** Wants everything. */
  MessageFilter ALL = message -> true;

  /**
   * A first judgement by what the consume queue knows.
   *
   * @param tagsCode hash of the message's tags, 0 without
   * @return false when the message certainly does not match and need not be read
   */
  default boolean mayMatch(long tagsCode) {
    return true;
  }

  /** The final judgement. */
  boolean matches(RecordView message);

  /** A filter that wants what both want. */
  default MessageFilter and(MessageFilter other) {
    if (equals(ALL)) {
      return other;
    }
    return other.equals(ALL) ? this : new BothMatch(this, other);
  }
}
