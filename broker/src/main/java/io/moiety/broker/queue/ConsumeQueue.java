package io.moiety.broker.queue;

import io.moiety.broker.snapshot.BlockFile;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The entries of one queue of one topic, by queue offset: full blocks in the file of blocks, the
 * last ones in memory.
 *
 * <p>Three numbers, rising: {@link #minOffset()} (first that is still stored), {@link
 * #servedOffset()} (end of what may be delivered) and {@link #nextOffset()} (end of what is
 * appended). Only a message that the log carried forward may take the first back, during a replay.
 * A message between them may be <em>gone</em>: its segment was deleted and it was not carried, or
 * it was not in the log any more when the queue was rebuilt.
 *
 * <p>Owner: the store turn; the three numbers may be read by any thread. Reading entries may read a
 * file, so the turn is never taken by a thread that may be interrupted.
 */
public final class ConsumeQueue {
  private final String topic;
  private final int queueId;
  private final QueueBlocks blocks;
  private final TailBlock tail;
  private volatile long minOffset;
  private volatile long nextOffset;
  private volatile long servedOffset;

  /** End position of the entry at the minimum: tells without a read that it is gone. */
  private long minEnd;

  /** End of what was carried forward: behind it, entries are in the order of the log. */
  private long carriedEndOffset;

  /** Where the log begins. */
  private long firstPosition;

  /** A queue whose first message will be at an offset: what was before it is gone. */
  ConsumeQueue(String topic, int queueId, long firstOffset, BlockFile blockFile) {
    this.topic = topic;
    this.queueId = queueId;
    this.blocks = new QueueBlocks(topic, queueId, blockFile, new BlockList());
    this.tail = new TailBlock(firstOffset);
    minOffset = firstOffset;
    servedOffset = firstOffset;
    nextOffset = firstOffset;
  }

  /** The queue as it was captured; all of it is durable and so may be delivered. */
  ConsumeQueue(QueueImage image, BlockFile blockFile) {
    this.topic = image.topic();
    this.queueId = image.queueId();
    this.blocks = new QueueBlocks(topic, queueId, blockFile, new BlockList(image.blocks()));
    this.tail = image.tail();
    minOffset = image.minOffset();
    minEnd = image.minEnd();
    carriedEndOffset = image.carriedEndOffset();
    servedOffset = image.nextOffset();
    nextOffset = image.nextOffset();
  }

  public String topic() {
    return topic;
  }

  public int queueId() {
    return queueId;
  }

  public long minOffset() {
    return minOffset;
  }

  public long servedOffset() {
    return servedOffset;
  }

  public long nextOffset() {
    return nextOffset;
  }

  /** From this offset on, nothing was carried forward, and entries are in the order of the log. */
  public long carriedEndOffset() {
    return carriedEndOffset;
  }

  /** The entry at a queue offset before {@link #nextOffset()}; empty when the message is gone. */
  public Optional<Entry> find(long queueOffset) {
    if (queueOffset < 0 || queueOffset >= nextOffset) {
      throw new IndexOutOfBoundsException(
          topic
              + "@"
              + queueId
              + " has offsets "
              + minOffset
              + " to "
              + (nextOffset - 1)
              + ", not "
              + queueOffset);
    }
    if (queueOffset < minOffset) {
      return Optional.empty();
    }
    return content(queueOffset / TailBlock.ENTRIES)
        .map(content -> Entry.at(content, indexOf(queueOffset)))
        .filter(entry -> entry.endPosition() > firstPosition);
  }

  /**
   * The first offset from {@code from} on whose message is not gone; {@link #nextOffset()} when
   * there is none. However many are gone, at most two blocks are read.
   */
  public long nextPresent(long from) {
    long offset = Math.max(from, minOffset);
    while (offset < nextOffset) {
      long number = offset / TailBlock.ENTRIES;
      Optional<ByteBuffer> content = content(number);
      long end = Math.min((number + 1) * TailBlock.ENTRIES, nextOffset);
      if (content.isPresent()) {
        for (; offset < end; offset++) {
          if (Entry.endPositionAt(content.get(), indexOf(offset)) > firstPosition) {
            return offset;
          }
        }
      } else {
        offset = Math.max(end, firstKept(offset));
      }
    }
    return nextOffset;
  }

  /**
   * The first offset from {@code from} on in a block that is kept; those before it are gone. Reads
   * nothing.
   */
  public long firstKept(long from) {
    long number = from / TailBlock.ENTRIES;
    return number >= tail.number() || blocks.has(number)
        ? from
        : blocks.firstFrom(number).orElse(tail.number()) * TailBlock.ENTRIES;
  }

  /** Behind the last offset that is in one block with this one. */
  public long blockEnd(long queueOffset) {
    return (queueOffset / TailBlock.ENTRIES + 1) * TailBlock.ENTRIES;
  }

  /** The block that {@link #find} would have to read from the file; empty when it reads none. */
  public OptionalInt unreadBlock(long queueOffset) {
    return blocks.unread(queueOffset / TailBlock.ENTRIES);
  }

  /**
   * Puts the entry of a new message behind the others. Offsets that are left out are gone: after a
   * rebuild, what the log had between a carried message and those that followed it.
   */
  void append(long queueOffset, Entry entry) {
    if (queueOffset < nextOffset) {
      throw new IllegalStateException(
          topic
              + "@"
              + queueId
              + ": the record at "
              + entry.position()
              + " has queue offset "
              + queueOffset
              + ", expected "
              + nextOffset);
    }
    skipTo(queueOffset);
    if (minOffset == nextOffset) {
      minEnd = entry.endPosition();
    }
    tail.append(entry);
    nextOffset = queueOffset + 1;
    if (tail.isFull()) {
      sealTail(nextOffset);
    }
  }

  /** The message lies elsewhere now; also one that was gone. */
  void repoint(long queueOffset, Entry entry) {
    carriedEndOffset = Math.max(carriedEndOffset, queueOffset + 1);
    if (queueOffset >= nextOffset) {
      append(queueOffset, entry);
      return;
    }
    long number = queueOffset / TailBlock.ENTRIES;
    if (number == tail.number()) {
      tail.replace(indexOf(queueOffset), entry);
    } else {
      blocks.replace(number, indexOf(queueOffset), entry);
    }
    if (queueOffset <= minOffset) {
      minEnd = entry.endPosition();
      minOffset = queueOffset;
    }
  }

  /** The next message gets this offset, or a later one; those that are left out are gone. */
  void skipTo(long queueOffset) {
    if (queueOffset <= nextOffset) {
      return;
    }
    if (queueOffset / TailBlock.ENTRIES == tail.number()) {
      tail.skipTo(indexOf(queueOffset));
    } else {
      sealTail(queueOffset);
    }
    boolean empty = minOffset == nextOffset;
    boolean served = servedOffset == nextOffset;
    nextOffset = queueOffset;
    if (served) {
      servedOffset = queueOffset;
    }
    if (empty) {
      minOffset = queueOffset;
    }
  }

  /** Opens what ends at or before the position for delivery; true when that is more than before. */
  boolean serveUpTo(long servedPosition) {
    long before = servedOffset;
    long offset = before;
    while (offset < nextOffset && isServed(offset, servedPosition)) {
      offset++;
    }
    servedOffset = offset;
    return offset > before;
  }

  /** Opens everything for delivery. */
  void serveAll() {
    servedOffset = nextOffset;
  }

  /** The log begins here from now on. Reads nothing; the minimum is right when it is raised. */
  void forgetBefore(long newFirstPosition) {
    firstPosition = newFirstPosition;
    blocks.removeBefore(newFirstPosition);
  }

  /** Whether {@link #raiseMin} has something to do. */
  boolean isMinGone() {
    return minOffset < nextOffset && minEnd <= firstPosition;
  }

  /** Moves the minimum to the first message that is not gone. May read a block. */
  void raiseMin() {
    minOffset = nextPresent(minOffset);
    minEnd = minOffset < nextOffset ? find(minOffset).map(Entry::endPosition).orElse(0L) : 0;
  }

  /** The topic was deleted: whoever still knows the queue finds everything gone. */
  void delete() {
    blocks.removeBefore(Long.MAX_VALUE);
    minOffset = nextOffset;
    servedOffset = nextOffset;
  }

  QueueImage capture() {
    return new QueueImage(
        topic,
        queueId,
        minOffset,
        minEnd,
        carriedEndOffset,
        nextOffset,
        blocks.copy(),
        tail.copy());
  }

  private boolean isServed(long queueOffset, long servedPosition) {
    return content(queueOffset / TailBlock.ENTRIES)
        .filter(content -> Entry.endPositionAt(content, indexOf(queueOffset)) > servedPosition)
        .isEmpty();
  }

  private Optional<ByteBuffer> content(long number) {
    return number == tail.number() ? Optional.of(tail.content()) : blocks.content(number);
  }

  private void sealTail(long queueOffset) {
    if (tail.isWorthKeeping()) {
      blocks.add(tail);
    }
    tail.begin(queueOffset);
  }

  private static int indexOf(long queueOffset) {
    return (int) (queueOffset % TailBlock.ENTRIES);
  }
}
