package io.moiety.broker.log;

import io.moiety.protocol.RecordView;
import java.io.IOException;

/**
 * Reads the log from a position to its end, in order. All of it was durable or was made so by
 * recovery, so anything that is not a valid record is damage. Confined to the replay thread.
 */
final class LogReplay {

  private final SegmentFiles files;
  private final SegmentTable segments;
  private final long fromPosition;
  private final long endPosition;

  LogReplay(SegmentFiles files, SegmentTable segments, long fromPosition, long endPosition) {
    this.files = files;
    this.segments = segments;
    this.fromPosition = fromPosition;
    this.endPosition = endPosition;
  }

  /** Passes every record to {@code sink}. */
  void into(RecordSink sink) {
    for (Segment segment : segments.all()) {
      SegmentSpan span = segment.span();
      if (span.basePosition() >= endPosition) {
        return;
      }
      if (span.endPosition() <= fromPosition) {
        continue;
      }
      int fromIndex = span.indexOf(Math.max(fromPosition, span.basePosition()));
      try (SegmentScan scan = new SegmentScan(files.reader(span), fromIndex)) {
        replay(scan, span, sink);
      } catch (IOException e) {
        throw new StoreDamagedException(
            files.path(span).toString(),
            span.basePosition(),
            span.endPosition(),
            "the file cannot be read: " + e.getMessage(),
            e);
      }
    }
  }

  private void replay(SegmentScan scan, SegmentSpan span, RecordSink sink) throws IOException {
    while (scan.position() < endPosition) {
      SegmentScan.Step step = scan.next();
      if (step instanceof SegmentScan.Step.Found found) {
        sink.accept(RecordView.of(found.bytes()));
      } else if (step instanceof SegmentScan.Step.Bad bad) {
        long position = scan.position();
        scan.skipToNextRecord();
        throw new StoreDamagedException(
            files.path(span).toString(),
            position,
            scan.position(),
            bad.reason() + ", while the log was durable up to " + endPosition,
            null);
      } else if (step instanceof SegmentScan.Step.End) {
        return;
      }
    }
  }
}
