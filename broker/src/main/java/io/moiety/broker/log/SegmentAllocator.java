package io.moiety.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prepares segments: writes their blocks, forces them, and only then lets appends use them. The
 * segment that the log is in after a start is prepared a little ahead of the appends, so that a
 * store that is hardly used stays small. The ones after it are prepared whole before they are
 * needed, and so in another file than the one that is being forced. All in small steps; somebody
 * else decides about the pace.
 *
 * <p>A full disk is met here, by a write to a file that says so, and not by the append, where it
 * would be a fault of a mapping. It is no failure of the log: the step is repeated later. A failed
 * force is one, unless the segment is not in use yet and can be thrown away.
 *
 * <p>{@link #step} and {@link #close} belong to one thread. The exchange with the store turn
 * ({@link #take}, {@link #wantNext}) is under this object's monitor, in which no file is touched.
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

  /** How many steps the tail is kept prepared ahead of the appends. */
  static final int STEPS_AHEAD = 8;

  /** How many steps share a force when appends are near: forcing often is what takes the time. */
  private static final int STEPS_IN_A_HURRY = 8;

  private final SegmentFiles files;
  private final int segmentSizeBytes;
  private final LogFailure failure;
  private final AppendedPosition appended;
  private final ByteBuffer zeros;
  private final OldSegments old;
  private final ColdChannels cold;

  // Under the monitor.
  private PreparedSegment tail;
  private @Nullable PreparedSegment next;
  private boolean nextWanted;
  private long wantedPosition;

  // Of the stepping thread.
  private @Nullable PreparedSegment growing;
  private @Nullable SegmentChannel channel;

  private volatile Optional<String> obstacle = Optional.empty();

  SegmentAllocator(
      SegmentFiles files,
      LogConfig config,
      LogFailure failure,
      AppendedPosition appended,
      PreparedSegment tail,
      OldSegments old,
      ColdChannels cold) {
    this.files = files;
    this.segmentSizeBytes = config.segmentSizeBytes();
    this.failure = failure;
    this.appended = appended;
    this.zeros = ByteBuffer.allocateDirect(config.allocationStepBytes());
    this.tail = tail;
    this.old = old;
    this.cold = cold;
  }

  /** The turn will soon need the segment after the tail. */
  synchronized void wantNext() {
    nextWanted = true;
  }

  /** The turn waits for the tail to be prepared up to {@code position}. */
  synchronized void wantUntil(long position) {
    wantedPosition = position;
  }

  /** Whether {@link #take} would return a segment. */
  synchronized boolean nextIsReady() {
    return next != null && next.preparedBytes() > 0;
  }

  /** The segment after the tail, which it replaces; null when none is ready. */
  synchronized @Nullable PreparedSegment take() {
    PreparedSegment taken = next;
    if (taken == null || taken.preparedBytes() == 0) {
      return null;
    }
    next = null;
    nextWanted = false;
    tail = taken;
    return taken;
  }

  /** Why the last step failed; empty when it did not. */
  Optional<String> obstacle() {
    return obstacle;
  }

  /** Whether appends come nearer than is comfortable. */
  synchronized boolean hurried() {
    if (!tail.complete() && aheadBytes(appended.position()) < STEPS_AHEAD / 2L * zeros.capacity()) {
      return true;
    }
    long unpreparedBytes =
        next == null ? segmentSizeBytes : next.span().sizeBytes() - next.preparedBytes();
    return nextWanted && unpreparedBytes > tail.span().endPosition() - appended.position();
  }

  /** Prepares a little more. */
  Step step() {
    boolean tidied = old.step();
    try {
      PreparedSegment work = work();
      if (work == null) {
        stopGrowing();
        return tidied ? Step.WORKED : Step.IDLE;
      }
      grow(work);
      obstacle = Optional.empty();
      return Step.WORKED;
    } catch (IOException e) {
      obstacle = Optional.of(String.valueOf(e.getMessage()));
      return Step.FAILED;
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (next != null) {
        next.segment().cool();
        next = null;
      }
    }
    stopGrowing();
  }

  /** What is to be prepared next; null when nothing is. */
  private @Nullable PreparedSegment work() throws IOException {
    SegmentSpan missing;
    synchronized (this) {
      if (!tail.complete()
          && (aheadBytes(appended.position()) < (long) STEPS_AHEAD * zeros.capacity()
              || aheadBytes(wantedPosition) < PreparedSegment.END_GUARD_BYTES)) {
        return tail;
      }
      if (next != null) {
        return next.complete() ? null : next;
      }
      if (!nextWanted) {
        return null;
      }
      missing = new SegmentSpan(tail.span().endPosition(), segmentSizeBytes);
    }
    PreparedSegment created = created(missing);
    synchronized (this) {
      next = created;
    }
    return created;
  }

  private long aheadBytes(long position) {
    return tail.span().basePosition() + tail.preparedBytes() - position;
  }

  private PreparedSegment created(SegmentSpan span) throws IOException {
    if (!old.reuse(span)) {
      files.create(span);
    }
    try {
      return new PreparedSegment(Segment.hot(span, files.map(span), cold), 0);
    } catch (IOException e) {
      files.delete(span);
      throw e;
    }
  }

  private void grow(PreparedSegment segment) throws IOException {
    SegmentChannel file = channelOf(segment);
    int until = writeZeros(file, segment.preparedBytes());
    try {
      file.force();
    } catch (IOException e) {
      abandon(segment, e);
      throw e;
    }
    segment.prepared(until);
  }

  /** Returns the end of what was written: at least one step. */
  private int writeZeros(SegmentChannel file, int from) throws IOException {
    int until = from;
    for (int step = hurried() ? STEPS_IN_A_HURRY : 1; step > 0; step--) {
      int stepBytes = Math.min(zeros.capacity(), file.span().sizeBytes() - until);
      try {
        file.write(until, zeros.clear().limit(stepBytes));
      } catch (IOException e) {
        if (until == from) {
          throw e;
        }
        return until; // The last room on a full disk; the next step says so.
      }
      until += stepBytes;
    }
    return until;
  }

  /** A failed force of a file that holds no records yet: the file goes, another one is made. */
  private void abandon(PreparedSegment segment, IOException cause) throws IOException {
    stopGrowing();
    synchronized (this) {
      if (segment != next) {
        failure.raise(cause);
        return;
      }
      next = null;
    }
    files.delete(segment.span());
  }

  private SegmentChannel channelOf(PreparedSegment segment) throws IOException {
    SegmentChannel open = channel;
    if (open == null || growing != segment) {
      stopGrowing();
      open = files.channel(segment.span());
      growing = segment;
      channel = open;
    }
    return open;
  }

  private void stopGrowing() throws IOException {
    SegmentChannel open = channel;
    growing = null;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
