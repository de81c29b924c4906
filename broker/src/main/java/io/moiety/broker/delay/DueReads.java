package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.RecordSpan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Has read on other threads, before its time, what would have to come from the disk: first the
 * blocks that tell where messages lie, then the messages. A portion at a time, so that it holds the
 * turn up for a moment only.
 *
 * <p>Owner: the store turn.
 */
final class DueReads {
  /** How long before its time a message is read. */
  static final long AHEAD_MILLIS = 1_000;

  /** What is read at once. */
  static final int MESSAGES = 256;

  private static final long BYTES = 16L * 1024 * 1024;

  private final LevelSchedule levels;
  private final TimerSchedule timers;
  private final BlockFile blocks;
  private final ColdReads coldReads;

  /** Reader threads bring to memory what is due soon. */
  private boolean reading;

  /** The last time there was no room for a read, which is then left to the time of delivery. */
  private boolean readersBusy;

  DueReads(LevelSchedule levels, TimerSchedule timers, BlockFile blocks, ColdReads coldReads) {
    this.levels = levels;
    this.timers = timers;
    this.blocks = blocks;
    this.coldReads = coldReads;
  }

  /** When there is something to do for this message, which is due next. */
  long wakeMillis(Delayed head) {
    if (coldReads.isWarm(head.span())) {
      return head.dueMillis();
    }
    if (reading) {
      return Long.MAX_VALUE; // The end of the read is a task of the turn; this is asked then.
    }
    return readersBusy ? head.dueMillis() : head.dueMillis() - AHEAD_MILLIS;
  }

  /** True when it has to be waited for, since it is being read with others that are due soon. */
  boolean isBeingRead(Delayed head, long nowMillis) {
    if (coldReads.isWarm(head.span())) {
      return false;
    }
    if (!reading) {
      reading = true;
      readBlocks(nowMillis + AHEAD_MILLIS);
    }
    return reading;
  }

  private void readBlocks(long untilMillis) {
    List<TimerEntry> soon = timers.dueUntil(untilMillis, MESSAGES);
    List<Integer> unread = timers.unreadBlocks(soon);
    boolean elsewhere =
        !unread.isEmpty()
            && coldReads.elsewhere(
                () -> blocks.bringToCache(unread), () -> readRecords(soon, untilMillis));
    if (!elsewhere) {
      readRecords(soon, untilMillis);
    }
  }

  private void readRecords(List<TimerEntry> timersSoon, long untilMillis) {
    List<Delayed> soon = new ArrayList<>(levels.dueUntil(untilMillis, MESSAGES));
    timersSoon.stream().map(timers::readable).flatMap(Optional::stream).forEach(soon::add);
    Collections.sort(soon);
    List<RecordSpan> spans = new ArrayList<>();
    long bytes = 0;
    for (Delayed delayed : soon) {
      if (spans.size() >= MESSAGES || bytes >= BYTES) {
        break;
      }
      spans.add(delayed.span());
      bytes += delayed.sizeBytes();
    }
    readersBusy = !coldReads.read(coldReads.coldOf(spans), () -> reading = false);
    reading &= !readersBusy;
  }
}
