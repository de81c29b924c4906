package io.moiety.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prepares segments: writes their blocks, forces them, and only then lets appends use them. It
 * completes the segment that the log is in (after a start, most of it is still to be prepared) and
 * then the one after it, once that is wanted. All in small steps, so that somebody else decides
 * about the pace.
 *
 * <p>A full disk is met here, by a write to a file that says so, and not by the append, where it
 * would be a fault of a mapping. It is no failure of the log: the step is repeated later. A failed
 * force is one, unless the segment is not in use yet and can be thrown away.
 *
 * <p>{@link #step} and {@link #close} belong to one thread. The exchange with the store turn
 * ({@link #take}, {@link #want}) is under this object's monitor, in which no file is touched.
 */
final class SegmentAllocator implements Closeable {

  /** How a step ended. */
  enum Step {
    /** There is nothing to prepare. */
    IDLE,
    /** Something was prepared; there may be more. */
    WORKED,
    /** The disk did not take it; {@link #obstacle} says why. Worth trying again later. */
    FAILED
  }

  private final SegmentFiles files;
  private final int segmentSizeBytes;
  private final LogFailure failure;
  private final ByteBuffer zeros;

  // Under the monitor.
  private PreparedSegment tail;
  private @Nullable PreparedSegment next;
  private boolean nextWanted;

  // Of the stepping thread.
  private @Nullable PreparedSegment growing;
  private @Nullable SegmentChannel channel;

  private volatile Optional<String> obstacle = Optional.empty();

  SegmentAllocator(SegmentFiles files, LogConfig config, LogFailure failure, PreparedSegment tail) {
    this.files = files;
    this.segmentSizeBytes = config.segmentSizeBytes();
    this.failure = failure;
    this.zeros = ByteBuffer.allocateDirect(config.allocationStepBytes());
    this.tail = tail;
  }

  /** The turn will soon need the segment after the tail. */
  synchronized void want() {
    nextWanted = true;
  }

  /** Whether {@link #take} would return a segment. */
  synchronized boolean nextIsReady() {
    return next != null;
  }

  /** The segment after the tail, which it replaces; null when none is ready. */
  synchronized @Nullable PreparedSegment take() {
    PreparedSegment taken = next;
    if (taken != null) {
      next = null;
      nextWanted = false;
      tail = taken;
    }
    return taken;
  }

  /** Why the last step failed; empty when it did not. */
  Optional<String> obstacle() {
    return obstacle;
  }

  /** Whether appends, which are at {@code appendedPosition}, come nearer than is comfortable. */
  boolean hurried(long appendedPosition) {
    PreparedSegment segment = growing;
    if (segment == null) {
      return false;
    }
    long roomBytes = segment.span().basePosition() + segment.preparedBytes() - appendedPosition;
    if (segment.span().contains(appendedPosition)) {
      return roomBytes < 8L * zeros.capacity();
    }
    return segment.span().sizeBytes() - segment.preparedBytes()
        > segment.span().basePosition() - appendedPosition;
  }

  /** Prepares a little more. */
  Step step() {
    try {
      if (!findWork()) {
        return Step.IDLE;
      }
      grow();
      obstacle = Optional.empty();
      return Step.WORKED;
    } catch (IOException e) {
      obstacle = Optional.of(String.valueOf(e.getMessage()));
      return Step.FAILED;
    }
  }

  @Override
  public void close() throws IOException {
    stopGrowing();
  }

  private boolean findWork() throws IOException {
    PreparedSegment useful = usefulWork();
    if (growing != null && growing != useful) {
      stopGrowing();
    }
    if (growing == null && useful != null) {
      startGrowing(useful);
    } else if (growing == null && anotherIsWanted()) {
      startAnother();
    }
    return growing != null;
  }

  /** What is to be continued: the tail first, then what was begun behind it. */
  private synchronized @Nullable PreparedSegment usefulWork() {
    if (!tail.complete()) {
      return tail;
    }
    if (next != null) {
      return next.complete() ? null : next;
    }
    boolean begun = growing != null && growing.span().basePosition() == tail.span().endPosition();
    return begun ? growing : null;
  }

  private synchronized boolean anotherIsWanted() {
    return nextWanted && next == null;
  }

  private void startGrowing(PreparedSegment segment) throws IOException {
    channel = files.channel(segment.span());
    growing = segment;
  }

  private void startAnother() throws IOException {
    SegmentSpan span = spanAfterTail();
    files.create(span);
    try {
      startGrowing(new PreparedSegment(files.map(span), 0));
    } catch (IOException e) {
      files.delete(span);
      throw e;
    }
  }

  private synchronized SegmentSpan spanAfterTail() {
    return new SegmentSpan(tail.span().endPosition(), segmentSizeBytes);
  }

  private void stopGrowing() throws IOException {
    SegmentChannel open = channel;
    growing = null;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private void grow() throws IOException {
    PreparedSegment segment = requirePresent(growing);
    SegmentChannel file = requirePresent(channel);
    int from = segment.preparedBytes();
    int until = from + Math.min(zeros.capacity(), segment.span().sizeBytes() - from);
    file.write(from, zeros.clear().limit(until - from));
    try {
      file.force();
    } catch (IOException e) {
      abandon(segment, e);
      throw e;
    }
    segment.prepared(until);
    offer(segment);
    if (segment.complete()) {
      stopGrowing();
    }
  }

  private synchronized void offer(PreparedSegment segment) {
    if (segment.span().basePosition() == tail.span().endPosition()) {
      next = segment;
    }
  }

  /** A failed force of a file that holds no records yet: the file goes, another one is made. */
  private void abandon(PreparedSegment segment, IOException cause) throws IOException {
    stopGrowing();
    synchronized (this) {
      if (segment == tail) {
        failure.raise(cause);
        return;
      }
      next = null;
    }
    files.delete(segment.span());
  }

  private static <T> T requirePresent(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("no segment is being prepared");
    }
    return value;
  }
}
