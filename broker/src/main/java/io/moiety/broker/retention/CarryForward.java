package io.moiety.broker.retention;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.RecordView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Copies what is needed of a segment to the end of the log, a bounded part at a time. Separate from
 * {@link Retention}, which decides whether and when; this knows what can go wrong with one record.
 *
 * <p>Owner: the store turn.
 */
final class CarryForward {
  private static final Logger LOG = System.getLogger(CarryForward.class.getName());

  /** Enough for one go; the last record of it may lie above. */
  static final long BYTES_PER_RUN = 1024 * 1024;

  private final RetainedLog log;
  private final ColdReads coldReads;
  private final List<LiveRecords> liveRecords;
  private final int recordsPerRun;

  /**
   * A base behind it knows all copies where they are now. Before it, a rebuild could meet what a
   * base says of a record before the copy, with the original gone. An earlier run may have stopped
   * behind copies, so all that it appended counts.
   */
  private long copiesEnd;

  /** How far a go came. */
  sealed interface Progress {
    /** Everything is copied, or need not be. */
    record Complete() implements Progress {}

    /** There is more to do. */
    record Unfinished() implements Progress {}

    /** The next records come from the disk; {@code whenRead} is run when they can be copied. */
    record BeingRead() implements Progress {}

    /** A record is needed that can never be copied. */
    record Impossible(long position, RuntimeException why) implements Progress {}
  }

  CarryForward(
      RetainedLog log, ColdReads coldReads, List<LiveRecords> liveRecords, int recordsPerRun) {
    this.log = log;
    this.coldReads = coldReads;
    this.liveRecords = List.copyOf(liveRecords);
    this.recordsPerRun = recordsPerRun;
    this.copiesEnd = log.appendedPosition();
  }

  /** Where the last copy ends that may have been made. */
  long copiesEnd() {
    return copiesEnd;
  }

  /**
   * Copies the next of them, and takes what is copied out.
   *
   * @throws AppendRefusedException when the log has no room now
   * @throws io.moiety.broker.log.RecordUnreadableException when the disk does not give one now
   */
  Progress goOn(LiveSet live, Runnable whenRead) {
    List<RecordSpan> next = live.first(recordsPerRun, BYTES_PER_RUN);
    List<RecordSpan> cold = coldReads.coldOf(next);
    if (!cold.isEmpty() && coldReads.read(cold, whenRead)) {
      return new Progress.BeingRead();
    }
    for (RecordSpan span : next) {
      try {
        copy(span);
      } catch (IllegalArgumentException noRoomForTheMark) {
        return new Progress.Impossible(span.position(), noRoomForTheMark);
      } catch (AppendRefusedException refused) {
        if (refused.status() == PutStatus.MESSAGE_ILLEGAL) {
          return new Progress.Impossible(span.position(), refused);
        }
        throw refused;
      }
      live.remove(span.position());
    }
    return live.isEmpty() ? new Progress.Complete() : new Progress.Unfinished();
  }

  private void copy(RecordSpan span) {
    RecordView record;
    try {
      record = log.read(span);
    } catch (RecordDamagedException damaged) {
      LOG.log(
          Level.ERROR,
          "A record that is still needed is damaged and goes with its segment: {0}",
          damaged.getMessage());
      return;
    }
    if (liveRecords.stream().allMatch(source -> source.isLive(record))) {
      copiesEnd = log.carry(record);
    }
  }
}
