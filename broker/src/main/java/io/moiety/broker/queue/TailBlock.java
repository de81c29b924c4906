package io.moiety.broker.queue;

import io.moiety.broker.snapshot.BlockFile;
import java.nio.ByteBuffer;

/**
 * The last entries of a queue, which do not fill a block yet, in memory that grows with them: most
 * queues have few. What was written stays as it is in its buffer, so that a snapshot can take the
 * buffer without a copy.
 *
 * <p>Owner: the store turn.
 */
final class TailBlock {

  /** Entries of a block; it begins at a multiple of this queue offset. */
  static final int ENTRIES = BlockFile.CONTENT_BYTES / Entry.BYTES;

  private static final int FIRST_CAPACITY = 16;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private long number;
  private ByteBuffer content = NOTHING;
  private int entries;
  private long greatestEnd;

  /** The block in which the queue offset will be; what is before it was never there. */
  TailBlock(long queueOffset) {
    begin(queueOffset);
  }

  /** The tail as it was captured. */
  TailBlock(long number, long greatestEnd, int entries, ByteBuffer content) {
    this.number = number;
    this.greatestEnd = greatestEnd;
    this.entries = entries;
    this.content = content;
  }

  /** Which block of the queue it will be. */
  long number() {
    return number;
  }

  /** Index behind the last entry. */
  int entries() {
    return entries;
  }

  /** Greatest end position of an entry. */
  long greatestEnd() {
    return greatestEnd;
  }

  /** The entries, by index. */
  ByteBuffer content() {
    return content;
  }

  boolean isFull() {
    return entries == ENTRIES;
  }

  /** Whether one of its messages was ever there. */
  boolean isWorthKeeping() {
    return greatestEnd > 0;
  }

  /** Forgets its entries and goes on as the block in which the queue offset will be. */
  void begin(long queueOffset) {
    number = queueOffset / ENTRIES;
    content = NOTHING;
    entries = 0;
    greatestEnd = 0;
    skipTo((int) (queueOffset % ENTRIES));
  }

  /** Leaves out entries before the index: they were never there. */
  void skipTo(int index) {
    growTo(index);
    entries = index;
  }

  /** Puts an entry behind the last. */
  void append(Entry entry) {
    growTo(entries + 1);
    entry.putAt(content, entries);
    entries++;
    greatestEnd = Math.max(greatestEnd, entry.endPosition());
  }

  /** Puts an entry in the place of another, in a new buffer. */
  void replace(int index, Entry entry) {
    ByteBuffer changed = ByteBuffer.allocate(content.capacity()).put(content.duplicate()).clear();
    entry.putAt(changed, index);
    content = changed;
    greatestEnd = Math.max(greatestEnd, entry.endPosition());
  }

  /** The same for a snapshot: what is appended later is not in it. */
  TailBlock copy() {
    return new TailBlock(number, greatestEnd, entries, content);
  }

  private void growTo(int needed) {
    if (needed * Entry.BYTES <= content.capacity()) {
      return;
    }
    int capacity = Math.max(FIRST_CAPACITY, content.capacity() / Entry.BYTES);
    while (capacity < needed) {
      capacity *= 2;
    }
    content =
        ByteBuffer.allocate(Math.min(capacity, ENTRIES) * Entry.BYTES)
            .put(content.duplicate())
            .clear();
  }
}
