package io.moiety.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One segment of the log: hot, in mapped memory, or cold, read through its file. The tail is hot; a
 * segment becomes cold once, when it lies far enough behind the tail, and never hot again.
 *
 * <p>{@link #write} is the store turn's, {@link #force} the flush thread's: they need no lease,
 * since a segment stays hot until all of it is durable. {@link #read} may be called by any thread.
 * {@link #cool} belongs to the allocator thread, and after that has ended to the one that closes
 * the log.
 */
final class Segment {

  private final SegmentSpan span;
  private final ColdChannels cold;
  private volatile @Nullable Leased<SegmentMemory> memory;

  /** No record in it or before it is later. Known once the segment is complete. */
  private volatile long greatestStoreTimestampMillis;

  private Segment(
      SegmentSpan span, ColdChannels cold, @Nullable Leased<SegmentMemory> memory, long millis) {
    this.span = span;
    this.cold = cold;
    this.memory = memory;
    this.greatestStoreTimestampMillis = millis;
  }

  static Segment hot(SegmentSpan span, SegmentMemory memory, ColdChannels cold) {
    return new Segment(span, cold, new Leased<>(memory), 0);
  }

  static Segment cold(SegmentSpan span, ColdChannels cold) {
    return new Segment(span, cold, null, 0);
  }

  SegmentSpan span() {
    return span;
  }

  long greatestStoreTimestampMillis() {
    return greatestStoreTimestampMillis;
  }

  /** No record is added any more. */
  void complete(long newGreatestStoreTimestampMillis) {
    greatestStoreTimestampMillis = newGreatestStoreTimestampMillis;
  }

  /** Copies the remaining bytes of {@code source} to {@code index}. Never blocks on the disk. */
  void write(int index, ByteBuffer source) throws IOException {
    requireHot().write(index, source);
  }

  /** When this returns, the bytes from {@code index} on are on the disk. */
  void force(int index, int sizeBytes) throws IOException {
    requireHot().force(index, sizeBytes);
  }

  /** Fills the remaining bytes of {@code target} from {@code index}. */
  void read(int index, ByteBuffer target) throws IOException {
    Leased<SegmentMemory> leased = memory;
    SegmentMemory hot = leased == null ? null : leased.take();
    if (leased == null || hot == null) {
      cold.read(span, index, target);
      return;
    }
    try {
      hot.read(index, target);
    } finally {
      leased.giveBack();
    }
  }

  boolean isHot() {
    return memory != null;
  }

  /** Gives the memory back, as soon as nobody reads in it. All of it is durable. */
  void cool() {
    Leased<SegmentMemory> leased = memory;
    memory = null;
    if (leased != null) {
      leased.end();
    }
  }

  private SegmentMemory requireHot() {
    Leased<SegmentMemory> leased = memory;
    if (leased == null) {
      throw new IllegalStateException("segment " + span + " is not mapped any more");
    }
    return leased.owned();
  }
}
