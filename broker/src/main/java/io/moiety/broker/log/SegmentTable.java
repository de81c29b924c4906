package io.moiety.broker.log;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of the log, by position. The store turn adds one at each roll and removes the oldest
 * when they are given up; any thread looks up, without a lock, in an array that is replaced and
 * never changed.
 */
final class SegmentTable {

  private volatile Segment[] segments;

  SegmentTable(List<Segment> segments) {
    this.segments = segments.toArray(Segment[]::new);
  }

  /** The segment that holds {@code position}; null when none does. */
  @Nullable Segment find(long position) {
    Segment[] all = segments;
    int low = 0;
    int high = all.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      SegmentSpan span = all[middle].span();
      if (position < span.basePosition()) {
        high = middle - 1;
      } else if (position >= span.endPosition()) {
        low = middle + 1;
      } else {
        return all[middle];
      }
    }
    return null;
  }

  long firstPosition() {
    return segments[0].span().basePosition();
  }

  int count() {
    return segments.length;
  }

  /** All of them, in log order. */
  List<Segment> all() {
    return List.of(segments);
  }

  /** Removes those that lie wholly before {@code position}; the last one always stays. */
  List<Segment> removeBefore(long position) {
    Segment[] all = segments;
    int count = 0;
    while (count < all.length - 1 && all[count].span().endPosition() <= position) {
      count++;
    }
    segments = Arrays.copyOfRange(all, count, all.length);
    return List.of(all).subList(0, count);
  }

  /** What all of them take. */
  long bytes() {
    Segment[] all = segments;
    long sum = 0;
    for (Segment segment : all) {
      sum += segment.span().sizeBytes();
    }
    return sum;
  }

  void add(Segment segment) {
    Segment[] all = segments;
    if (all.length > 0
        && all[all.length - 1].span().endPosition() != segment.span().basePosition()) {
      throw new IllegalStateException(
          "segment %s does not follow %s".formatted(segment.span(), all[all.length - 1].span()));
    }
    Segment[] more = Arrays.copyOf(all, all.length + 1);
    more[all.length] = segment;
    segments = more;
  }
}
