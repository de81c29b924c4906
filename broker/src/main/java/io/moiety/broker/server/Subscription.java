package io.moiety.broker.server;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.protocol.body.SubscriptionBody;

/**
 * What a classic consumer wants of one topic.
 *
 * @param asked as the client wrote it
 * @param filter its expression, understood
 */
record Subscription(SubscriptionBody asked, MessageFilter filter) {

  private static final long FIXED_BYTES = 512;
  private static final long CHAR_BYTES = 24;
  private static final long MEMBER_BYTES = 64;

  String topic() {
    return asked.topic();
  }

  /**
   * About what it takes of the heap, rather more than less: a character of a selector becomes a
   * part of a tree.
   */
  long sizeBytes() {
    long chars = asked.topic().length() + (long) asked.subString().length();
    for (String tag : asked.tags()) {
      chars += tag.length();
    }
    return FIXED_BYTES
        + CHAR_BYTES * chars
        + MEMBER_BYTES * (asked.tags().size() + (long) asked.tagHashes().size());
  }

  /** The client's number for this state of its subscription; later ones are larger. */
  long version() {
    return asked.version();
  }
}
