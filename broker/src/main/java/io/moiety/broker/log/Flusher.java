package io.moiety.broker.log;

import io.moiety.broker.stats.LatencyHistogram;
import io.moiety.broker.stats.LatencySnapshot;
import java.io.Closeable;
import java.io.IOException;

/**
 * Forces the log in order and says how far it got. A segment is forced to its end, and the hint
 * that says so too, before anything in its successor counts as durable. The zeros behind the last
 * record are forced with it, so that a reader stops there after a power cut.
 *
 * <p>Owned by the flush thread, but for the durable position, which any thread reads.
 */
final class Flusher implements Closeable {

  /** How many forces it takes, roughly, until another size is the usual one. */
  private static final int USUAL_OF_FORCES = 4;

  private final SegmentTable segments;
  private final DurableHint hint;
  private final LogEvents events;

  private final LatencyHistogram latency = new LatencyHistogram();

  private volatile long durablePosition;
  private volatile long usualForceBytes;

  Flusher(SegmentTable segments, DurableHint hint, LogEvents events, long durablePosition) {
    this.segments = segments;
    this.hint = hint;
    this.events = events;
    this.durablePosition = durablePosition;
  }

  long durablePosition() {
    return durablePosition;
  }

  /** How much one force has brought to the disk lately. Any thread. */
  long usualForceBytes() {
    return usualForceBytes;
  }

  LatencySnapshot latency() {
    return latency.snapshot();
  }

  /**
   * When this returns, everything before {@code target} is durable.
   *
   * @param storeTimestampMillis no record before {@code target} has a later one
   * @throws IOException when a force failed: for good, it must not be tried again
   */
  void force(long target, long storeTimestampMillis) throws IOException {
    long position = durablePosition;
    if (position < target) {
      long usualBytes = usualForceBytes;
      usualForceBytes = usualBytes + (target - position - usualBytes) / USUAL_OF_FORCES;
    }
    while (position < target) {
      Segment segment = segments.find(position);
      if (segment == null) {
        throw new IllegalStateException("no segment holds position " + position);
      }
      SegmentSpan span = segment.span();
      long end = Math.min(target, span.endPosition());
      long guarded = Math.min(end + PreparedSegment.END_GUARD_BYTES, span.endPosition());
      long startNanos = System.nanoTime();
      segment.force(span.indexOf(position), (int) (guarded - position));
      latency.record(System.nanoTime() - startNanos);
      hint.write(new DurableHint.Value(end, storeTimestampMillis));
      if (end == span.endPosition()) {
        hint.force();
      }
      position = end;
      durablePosition = position;
      events.durableAdvanced(position);
    }
  }

  /** So that a start after this needs not read again what is known to be there. */
  void forceHint() throws IOException {
    hint.force();
  }

  @Override
  public void close() throws IOException {
    hint.close();
  }
}
