package io.moiety.broker.log;

import io.moiety.protocol.RecordLayout;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives up a damaged place of the log when an operator says so, by naming the position where the
 * log goes on: the place becomes a blank record.
 *
 * <p>The position must be exactly the one at which the first damage ends. So a number that is left
 * in a configuration gives up nothing else later, and several damaged places are given up one by
 * one. Every write is repeated by the next start when it was cut off. Confined to the recovery
 * thread.
 */
final class LogRepair {

  private static final Logger LOG = System.getLogger(LogRepair.class.getName());
  private static final int LARGEST_FILE_BYTES = 1 << 30;

  private final SegmentFiles files;

  LogRepair(SegmentFiles files) {
    this.files = files;
  }

  /**
   * Gives up the first damaged place.
   *
   * @throws StoreDamagedException when it does not end at {@code goOnPosition}
   */
  void giveUpTo(long goOnPosition) throws IOException {
    List<SegmentSpan> spans = files.list();
    List<LogDamage> found = new ArrayList<>();
    if (!spans.isEmpty()) {
      found.addAll(
          new LogInspection(files, Optional.empty()).run(0, new LogVisitor() {}).damages());
    }
    if (found.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "recoverFrom={0} has no effect, since the log is not damaged: remove it",
          Long.toString(goOnPosition));
      return;
    }
    LogDamage first = found.get(0);
    if (first.endPosition() != goOnPosition) {
      throw new StoreDamagedException(
          first.segment(), first.position(), first.endPosition(), first.what(), null);
    }
    blank(spans, first);
    LOG.log(Level.WARNING, "Given up, as recoverFrom demands: {0}", first.describe());
  }

  private void blank(List<SegmentSpan> spans, LogDamage damage) throws IOException {
    for (SegmentSpan span : spans) {
      if (span.contains(damage.position())) {
        write(span, damage.position(), Math.toIntExact(damage.endPosition() - damage.position()));
        return;
      }
    }
    long position = damage.position();
    while (position < damage.endPosition()) {
      long restBytes = damage.endPosition() - position;
      int sizeBytes =
          (int) (restBytes <= 2L * LARGEST_FILE_BYTES - 1 ? restBytes : LARGEST_FILE_BYTES);
      SegmentSpan missing = new SegmentSpan(position, sizeBytes);
      files.create(missing);
      write(missing, position, sizeBytes);
      position += sizeBytes;
    }
  }

  private void write(SegmentSpan span, long position, int sizeBytes) throws IOException {
    ByteBuffer blank = ByteBuffer.allocate(RecordLayout.BLANK_MIN_BYTES);
    RecordLayout.writeBlank(blank, sizeBytes, position);
    try (SegmentChannel channel = files.channel(span)) {
      channel.write(span.indexOf(position), blank.flip(), SegmentChannel.PAGE_BYTES);
      channel.force();
    }
  }
}
