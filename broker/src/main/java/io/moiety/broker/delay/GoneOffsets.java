package io.moiety.broker.delay;

import io.moiety.broker.queue.ConsumeQueue;
import java.util.OptionalLong;

/**
 * Forgets what is known of messages that the log does not have any more: nobody can find their
 * records, and so nobody asks. Where one message waits for long, those of its block stay with it,
 * so that what is remembered goes with what waits and not with what ever was. Pure.
 */
final class GoneOffsets {
  private GoneOffsets() {}

  /**
   * Takes queue offsets out whose blocks the queue has given back. Reads nothing; takes as long as
   * there are blocks with members.
   */
  static void remove(OffsetSet offsets, ConsumeQueue queue) {
    OptionalLong next = offsets.next(0);
    while (next.isPresent()) {
      long at = next.getAsLong();
      long kept = queue.firstKept(at);
      offsets.remove(at, kept);
      next = offsets.next(Math.max(kept, queue.blockEnd(at)));
    }
  }
}
