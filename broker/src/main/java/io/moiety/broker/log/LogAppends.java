package io.moiety.broker.log;

import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import java.io.IOException;
import java.util.List;

/**
 * The appending half of {@link CommitLog}: what may be appended, and that it has room. After one
 * failed write or force it takes nothing any more.
 *
 * <p>Owner: that of the store turn.
 */
final class LogAppends {
  private final LogParts parts;
  private final RecordEncoder encoder = new RecordEncoder();
  private final LogClock clock;
  private final int maxRecordBytes;
  private final int maxTogetherBytes;
  private boolean closed;

  LogAppends(LogParts parts, LogConfig config, LogClock clock) {
    this.parts = parts;
    this.clock = clock;
    this.maxRecordBytes = config.maxRecordBytes();
    this.maxTogetherBytes = config.maxTogetherBytes();
  }

  /** As {@link CommitLog#append}. */
  Appended append(RecordDraft draft) {
    requireAppendable();
    int sizeBytes = requireFitting(draft);
    try {
      parts.tail().makeRoom(sizeBytes);
      long position = parts.tail().position();
      long storeTimestampMillis =
          Math.max(clock.nowMillis(), parts.appended().storeTimestampMillis());
      parts.tail().write(encoder.encode(draft, sizeBytes, position, storeTimestampMillis));
      parts.appended().advance(position + sizeBytes, sizeBytes, storeTimestampMillis);
      parts.tail().lookAhead();
      return new Appended(position, sizeBytes, storeTimestampMillis);
    } catch (IOException e) {
      parts.failure().raise(e);
      throw refusedByFailure(e);
    }
  }

  /** As {@link CommitLog#requireRoom(List)}. */
  void requireRoom(List<RecordDraft> drafts) {
    requireAppendable();
    long bytes = 0;
    for (RecordDraft draft : drafts) {
      bytes += requireFitting(draft);
    }
    if (bytes > maxTogetherBytes) {
      throw new AppendRefusedException(
          PutStatus.MESSAGE_ILLEGAL,
          "the records have %d bytes; at most %d are appended together"
              .formatted(bytes, maxTogetherBytes));
    }
    parts.tail().requireRoom((int) bytes);
  }

  /** As {@link CommitLog#requireRoom(long)}. */
  void requireRoom(long bytes) {
    requireAppendable();
    parts.tail().requireRoom((int) Math.min(bytes, maxTogetherBytes));
  }

  /** From now on nothing is taken. */
  void close() {
    closed = true;
  }

  private int requireFitting(RecordDraft draft) {
    int sizeBytes = RecordLayout.sizeBytes(draft);
    if (sizeBytes > maxRecordBytes) {
      throw new AppendRefusedException(
          PutStatus.MESSAGE_ILLEGAL,
          "the record has %d bytes; at most %d are allowed".formatted(sizeBytes, maxRecordBytes));
    }
    return sizeBytes;
  }

  private void requireAppendable() {
    if (closed) {
      throw new AppendRefusedException(PutStatus.SERVICE_NOT_AVAILABLE, "the log is closed");
    }
    if (parts.failure().raised()) {
      throw refusedByFailure(parts.failure().cause().orElseThrow());
    }
  }

  private static AppendRefusedException refusedByFailure(Throwable cause) {
    String message =
        cause instanceof IOException
            ? "the log takes no appends since a write or force failed (%s); restart the broker when the disk is well"
            : "the log takes no appends since the store failed (%s); restart the broker, which reads it again";
    return new AppendRefusedException(
        PutStatus.SERVICE_NOT_AVAILABLE, message.formatted(cause.getMessage()));
  }
}
