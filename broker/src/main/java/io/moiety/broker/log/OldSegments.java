package io.moiety.broker.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of segments behind the tail: far enough behind they are unmapped; deleted ones turn
 * into spares, of which the next segments are made, or go.
 *
 * <p>Files go strictly in log order, each durably before the next: whenever the process dies, those
 * that are left have no gap. Only segments that the log has given up become spares. A file beyond
 * the recovered end of the log never does: it may hold whole records of the very positions that
 * will be written again.
 *
 * <p>{@link #retire} is the store turn's; everything else belongs to the allocator thread. The
 * monitor protects the queue between the two.
 */
final class OldSegments {

  private static final Logger LOG = System.getLogger(OldSegments.class.getName());

  /** More are not kept: they would be taken from those who need the room. */
  static final int MOST_SPARES = 2;

  /** The tail and the one before it, where most readers are, stay mapped however large. */
  private static final int LEAST_MAPPED = 2;

  private final SegmentFiles files;
  private final SegmentTable segments;
  private final LongSupplier durablePosition;
  private final LogConfig config;

  /** Given up by the log, their files are still there. Under the monitor. */
  private final Queue<Segment> retired = new ArrayDeque<>();

  /** Under the monitor. */
  private long spareBytes;

  private final Queue<SegmentSpan> spares = new ArrayDeque<>();
  private @Nullable Segment newestSeen;
  private boolean stuck;

  OldSegments(
      SegmentFiles files, SegmentTable segments, LongSupplier durablePosition, LogConfig config) {
    this.files = files;
    this.segments = segments;
    this.durablePosition = durablePosition;
    this.config = config;
  }

  /** The log has given these up, in log order; nothing finds them any more. */
  synchronized void retire(List<Segment> gone) {
    retired.addAll(gone);
  }

  /**
   * Does what there is to do, one file at most. False when there was nothing.
   *
   * @throws ForceFailedException when it is not known whether a file's end is durable, for good
   */
  boolean step() throws ForceFailedException {
    coolFarSegments();
    Segment oldest = oldestRetired();
    if (oldest == null) {
      return false;
    }
    oldest.cool();
    try {
      removeFile(oldest.span());
    } catch (ForceFailedException e) {
      throw e;
    } catch (IOException e) {
      if (!stuck) {
        stuck = true;
        LOG.log(Level.WARNING, "An old segment cannot be deleted; it is tried again", e);
      }
      return false;
    }
    stuck = false;
    forgetRetired();
    return true;
  }

  /** Makes the file of a new segment out of a spare. False when there is none of that size. */
  boolean reuse(SegmentSpan span) throws IOException {
    SegmentSpan spare = spares.poll();
    if (spare == null) {
      return false;
    }
    files.reuse(spare, span.basePosition());
    countSpare(-spare.sizeBytes());
    return true;
  }

  /** What the files take that the log has given up. */
  synchronized long bytes() {
    long sum = spareBytes;
    for (Segment segment : retired) {
      sum += segment.span().sizeBytes();
    }
    return sum;
  }

  private synchronized @Nullable Segment oldestRetired() {
    return retired.peek();
  }

  private synchronized void countSpare(int bytes) {
    spareBytes += bytes;
  }

  private synchronized void forgetRetired() {
    retired.remove();
  }

  private void removeFile(SegmentSpan span) throws IOException {
    if (spares.size() < MOST_SPARES && span.sizeBytes() == config.segmentSizeBytes()) {
      files.spare(span);
      spares.add(span);
      countSpare(span.sizeBytes());
    } else {
      files.delete(span);
    }
  }

  /** Once for each new tail. */
  private void coolFarSegments() {
    List<Segment> all = segments.all();
    int newest = all.size() - 1;
    if (all.get(newest) == newestSeen) {
      return;
    }
    newestSeen = all.get(newest);
    List<SegmentSpan> spans = all.stream().map(Segment::span).toList();
    for (int i = firstMapped(spans, config.mappedBytes()) - 1; i >= 0 && all.get(i).isHot(); i--) {
      if (all.get(i).span().endPosition() <= durablePosition.getAsLong()) {
        all.get(i).cool();
      }
    }
  }

  /** The first of those that are near enough to the tail to be mapped. */
  static int firstMapped(List<SegmentSpan> spans, long mappedBytes) {
    long bytes = 0;
    int first = spans.size();
    while (first > 0 && (spans.size() - first < LEAST_MAPPED || bytes < mappedBytes)) {
      first--;
      bytes += spans.get(first).sizeBytes();
    }
    return first;
  }
}
