package io.moiety.broker.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * The entries of one queue of one topic, by queue offset, in chunks that grow with the queue.
 *
 * <p>Three numbers, rising: {@link #minOffset()} (first that is still stored), {@link
 * #servedOffset()} (end of what may be delivered) and {@link #nextOffset()} (end of what is
 * appended). Owner: the store turn; the three numbers may be read by any thread.
 */
public final class ConsumeQueue {
  private static final int CHUNK_ENTRIES = 1024;
  private static final int LONGS_PER_ENTRY = 3;

  private final String topic;
  private final int queueId;
  private final List<long[]> chunks = new ArrayList<>();
  private volatile long nextOffset;
  private volatile long servedOffset;

  ConsumeQueue(String topic, int queueId) {
    this.topic = topic;
    this.queueId = queueId;
  }

  public String topic() {
    return topic;
  }

  public int queueId() {
    return queueId;
  }

  public long minOffset() {
    return 0;
  }

  public long servedOffset() {
    return servedOffset;
  }

  public long nextOffset() {
    return nextOffset;
  }

  /** The entry at a queue offset from {@link #minOffset()} to before {@link #nextOffset()}. */
  public Entry entry(long queueOffset) {
    if (queueOffset < minOffset() || queueOffset >= nextOffset) {
      throw new IndexOutOfBoundsException(
          topic
              + "@"
              + queueId
              + " has offsets "
              + minOffset()
              + " to "
              + (nextOffset - 1)
              + ", not "
              + queueOffset);
    }
    long[] chunk = chunks.get((int) (queueOffset / CHUNK_ENTRIES));
    int at = indexInChunk(queueOffset);
    return new Entry(chunk[at], (int) chunk[at + 1], chunk[at + 2]);
  }

  void append(long queueOffset, Entry entry) {
    if (queueOffset != nextOffset) {
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
    int chunkIndex = (int) (queueOffset / CHUNK_ENTRIES);
    if (chunkIndex == chunks.size()) {
      chunks.add(new long[CHUNK_ENTRIES * LONGS_PER_ENTRY]);
    }
    long[] chunk = chunks.get(chunkIndex);
    int at = indexInChunk(queueOffset);
    chunk[at] = entry.position();
    chunk[at + 1] = entry.sizeBytes();
    chunk[at + 2] = entry.tagsCode();
    nextOffset = queueOffset + 1;
  }

  void serve(long endOffset) {
    servedOffset = endOffset;
  }

  private static int indexInChunk(long queueOffset) {
    return (int) (queueOffset % CHUNK_ENTRIES) * LONGS_PER_ENTRY;
  }
}
