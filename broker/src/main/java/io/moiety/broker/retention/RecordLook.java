package io.moiety.broker.retention;

import io.moiety.broker.log.SegmentInfo;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.RecordView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A look at every record of a segment, for when those who know what is needed of it cannot find it
 * any more: the log is the truth, however damaged the files beside it. Takes long, and is hardly
 * ever needed.
 *
 * <p>Owner: the store turn.
 */
final class RecordLook {
  /** About a millisecond of the turn, with small records. */
  private static final int RECORDS_PER_RUN = 256;

  /** Read ahead at once. */
  private static final int READ_BYTES = 256 * 1024;

  private final RetainedLog log;
  private final ColdReads coldReads;
  private final List<LiveRecords> liveRecords;
  private final long endPosition;
  private long nextPosition;

  /** Up to here the records were read ahead. */
  private long readPosition;

  /** How far it came. */
  enum Progress {
    COMPLETE,
    UNFINISHED,
    /** The next records come from the disk, and {@code whenRead} is run when they have. */
    BEING_READ,
    /** A record is damaged, so that nobody knows where the next one begins. */
    STOPPED
  }

  RecordLook(
      RetainedLog log, ColdReads coldReads, List<LiveRecords> liveRecords, SegmentInfo segment) {
    this.log = log;
    this.coldReads = coldReads;
    this.liveRecords = List.copyOf(liveRecords);
    this.endPosition = segment.endPosition();
    this.nextPosition = segment.basePosition();
    this.readPosition = nextPosition;
  }

  /** Where it goes on. */
  long position() {
    return nextPosition;
  }

  /**
   * Adds what is needed of the next records.
   *
   * @throws io.moiety.broker.log.RecordUnreadableException when the disk does not give one now
   */
  Progress goOn(LiveSet live, Runnable whenRead) {
    if (isReadAhead(whenRead)) {
      return Progress.BEING_READ;
    }
    for (int left = RECORDS_PER_RUN; left > 0 && nextPosition < endPosition; left--) {
      Optional<RecordView> record = log.find(nextPosition);
      if (record.isPresent()) {
        add(record.get(), live);
        nextPosition += record.get().sizeBytes();
      } else {
        OptionalLong blankEnd = log.endOfBlank(nextPosition);
        if (blankEnd.isEmpty()) {
          return Progress.STOPPED;
        }
        nextPosition = blankEnd.getAsLong();
      }
      if (live.isFull() || nextPosition >= readPosition) {
        break;
      }
    }
    return nextPosition >= endPosition || live.isFull() ? Progress.COMPLETE : Progress.UNFINISHED;
  }

  private boolean isReadAhead(Runnable whenRead) {
    if (nextPosition < readPosition) {
      return false;
    }
    int bytes = (int) Math.min(READ_BYTES, endPosition - nextPosition);
    readPosition = nextPosition + bytes;
    List<RecordSpan> cold = coldReads.coldOf(List.of(new RecordSpan(nextPosition, bytes)));
    return !cold.isEmpty() && coldReads.read(cold, whenRead);
  }

  private void add(RecordView record, LiveSet live) {
    if (liveRecords.stream().anyMatch(source -> source.needs(record))) {
      live.add(record.position(), record.sizeBytes());
    }
  }
}
