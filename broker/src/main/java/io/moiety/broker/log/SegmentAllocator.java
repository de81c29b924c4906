package io.moiety.broker.log;

import io.moiety.broker.log.PreparedSegment.Origin;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prepares segments ahead of the appends, which never wait for it: it writes zeros, and only then
 * lets appends use the place. The segment that the log is in is prepared a little ahead, so that a
 * store that is hardly used stays small. The one after it is made early and prepared whole, in
 * small steps, as long as there is time. Somebody else decides about the pace.
 *
 * <p>Zeros are forced where an old record may lie below them ({@link Origin#FOUND}), and in new
 * files while there is time and forces bring little each: a force of records has only the records
 * to write then, nothing of the file system's own. When appends come near, or much is forced
 * together, they are written to the page cache only: that is as safe against a full disk, and the
 * records that soon replace them are the first that the disk sees.
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

  /** How many steps the appends have ahead of them at least. */
  static final int STEPS_AHEAD = 8;

  /** How many steps are one when appends are near. */
  private static final int STEPS_IN_A_HURRY = 8;

  /** Part of a step; when forces usually bring more, zeros are not forced before. */
  private static final int LITTLE_FORCED_PART = 4;

  /** Of zeros that records will replace in bulk. */
  private static final int LARGE_PIECE_BYTES = 16 * SegmentChannel.PAGE_BYTES;

  /** Part of a segment after which the next one is made. */
  private static final int NEXT_AFTER = 4;

  private final SegmentFiles files;
  private final int segmentSizeBytes;

  /** How much is kept prepared: bursts, and any record whatever its size, find room at once. */
  private final int aheadBytes;

  private final LogFailure failure;
  private final AppendedPosition appended;
  private final LongSupplier usualForceBytes;
  private final ByteBuffer zeros;
  private final OldSegments old;
  private final ColdChannels cold;

  // Under the monitor.
  private PreparedSegment tail;
  private @Nullable PreparedSegment next;
  private boolean nextWanted;

  // Of the stepping thread.
  private @Nullable PreparedSegment growing;
  private @Nullable SegmentChannel channel;

  private volatile Optional<String> obstacle = Optional.empty();

  /**
   * An allocator that has prepared nothing yet.
   *
   * @param usualForceBytes how much one force brings to the disk
   */
  SegmentAllocator(
      SegmentFiles files,
      LogConfig config,
      LogFailure failure,
      AppendedPosition appended,
      LongSupplier usualForceBytes,
      PreparedSegment tail,
      OldSegments old,
      ColdChannels cold) {
    this.files = files;
    this.segmentSizeBytes = config.segmentSizeBytes();
    this.aheadBytes =
        (int)
            Math.min(
                segmentSizeBytes,
                Math.max(
                    (long) STEPS_AHEAD * config.allocationStepBytes(),
                    2L * (config.maxRecordBytes() + PreparedSegment.END_GUARD_BYTES)));
    this.failure = failure;
    this.appended = appended;
    this.usualForceBytes = usualForceBytes;
    this.zeros = ByteBuffer.allocateDirect(config.allocationStepBytes());
    this.tail = tail;
    this.old = old;
    this.cold = cold;
  }

  /** Prepares what the first appends need, or as much as the disk takes. Before any thread. */
  void prepareFirst() {
    Step step = Step.WORKED;
    while (step == Step.WORKED && hurried()) {
      step = step();
    }
  }

  /** The turn needs the segment after the tail, however little of that is used. */
  synchronized void wantNext() {
    nextWanted = true;
  }

  /** The segment after the tail, which it replaces; null when it has no room for a record yet. */
  synchronized @Nullable PreparedSegment take(int recordBytes) {
    PreparedSegment taken = next;
    if (taken == null || !taken.hasRoomUntil(recordBytes)) {
      return null;
    }
    next = null;
    nextWanted = false;
    tail = taken;
    return taken;
  }

  /** Whether the segment after the tail has room for so many bytes. */
  synchronized boolean hasNextFor(int bytes) {
    return next != null && next.hasRoomUntil(bytes);
  }

  /** Why the last step failed; empty when it did not. Any thread. */
  Optional<String> obstacle() {
    return obstacle;
  }

  /** Whether appends come nearer than is comfortable. */
  synchronized boolean hurried() {
    long position = appended.position();
    if (!isAhead(tail, position, aheadBytes / 2)) {
      return true;
    }
    boolean nearTheEnd = tail.span().endPosition() - position < 2L * aheadBytes;
    return (nextWanted || nearTheEnd)
        && (next == null || !isAhead(next, next.span().basePosition(), aheadBytes / 2));
  }

  /** The size of a segment that is being prepared and not in the log yet. */
  synchronized long nextBytes() {
    return next == null ? 0 : next.span().sizeBytes();
  }

  /** Prepares a little more. A directory that could not be forced is a failure of the log. */
  Step step() {
    try {
      boolean tidied = old.step();
      PreparedSegment work = work();
      if (work == null) {
        stopGrowing();
        obstacle = Optional.empty();
        return tidied ? Step.WORKED : Step.IDLE;
      }
      grow(work);
      obstacle = Optional.empty();
      return Step.WORKED;
    } catch (ForceFailedException e) {
      failure.raise(e);
      obstacle = Optional.of(String.valueOf(e.getMessage()));
      return Step.FAILED;
    } catch (IOException e) {
      obstacle = Optional.of(String.valueOf(e.getMessage()));
      return Step.FAILED;
    }
  }

  /** What the log has given up goes before it ends, so that a start begins where the log began. */
  @Override
  public void close() throws IOException {
    boolean more = true;
    while (more) {
      more = old.step();
    }
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
      if (!isAhead(tail, appended.position(), aheadBytes)) {
        return tail;
      }
      if (next != null) {
        return wantsMore(next) ? next : null;
      }
      long usedBytes = appended.position() - tail.span().basePosition();
      if (!nextWanted && usedBytes <= tail.span().sizeBytes() / NEXT_AFTER) {
        return null;
      }
      missing = new SegmentSpan(tail.span().endPosition(), segmentSizeBytes);
    }
    PreparedSegment made = made(missing);
    synchronized (this) {
      next = made;
    }
    return made;
  }

  /** Pages of a recycled file are brought to memory shortly before they are used, not earlier. */
  private boolean wantsMore(PreparedSegment segment) {
    return segment.origin() == Origin.RECYCLED
        ? !isAhead(segment, segment.span().basePosition(), aheadBytes)
        : !segment.complete();
  }

  private static boolean isAhead(PreparedSegment segment, long position, int bytes) {
    return segment.complete()
        || segment.span().basePosition() + segment.preparedBytes() - position >= bytes;
  }

  private PreparedSegment made(SegmentSpan span) throws IOException {
    boolean recycled = old.reuse(span);
    if (!recycled) {
      files.create(span);
    }
    try {
      return new PreparedSegment(
          Segment.hot(span, files.map(span), cold), recycled ? Origin.RECYCLED : Origin.CREATED, 0);
    } catch (IOException e) {
      files.delete(span);
      throw e;
    }
  }

  private void grow(PreparedSegment segment) throws IOException {
    boolean hurried = hurried();
    SegmentChannel file = channelOf(segment);
    int until = writeZeros(file, segment.preparedBytes(), hurried ? STEPS_IN_A_HURRY : 1);
    boolean forced =
        switch (segment.origin()) {
          case FOUND -> true;
          case CREATED -> !hurried && littleIsForced();
          case RECYCLED -> false;
        };
    if (forced) {
      try {
        file.force();
      } catch (IOException e) {
        abandon(segment, e);
        throw e;
      }
    }
    segment.prepared(until);
  }

  private boolean littleIsForced() {
    return usualForceBytes.getAsLong() <= zeros.capacity() / LITTLE_FORCED_PART;
  }

  /** Returns the end of what was written: at least one step. */
  private int writeZeros(SegmentChannel file, int from, int steps) throws IOException {
    int pieceBytes = littleIsForced() ? SegmentChannel.PAGE_BYTES : LARGE_PIECE_BYTES;
    int until = from;
    for (int step = 0; step < steps; step++) {
      int stepBytes = Math.min(zeros.capacity(), file.span().sizeBytes() - until);
      try {
        file.write(until, zeros.clear().limit(stepBytes), pieceBytes);
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
    segment.segment().cool();
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
