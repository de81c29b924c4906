package io.moiety.broker.store;

/**
 * Queue offsets of one queue that one consumer group has dealt with.
 *
 * @param firstOffset first queue offset, inclusive
 * @param lastOffset last queue offset, inclusive
 */
public record AckRange(String group, String topic, int queueId, long firstOffset, long lastOffset) {
  public AckRange {
    if (firstOffset < 0 || lastOffset < firstOffset) {
      throw new IllegalArgumentException(
          "range " + firstOffset + ".." + lastOffset + " is not one");
    }
  }
}
