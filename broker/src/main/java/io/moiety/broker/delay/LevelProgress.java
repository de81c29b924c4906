package io.moiety.broker.delay;

import io.moiety.broker.queue.ConsumeQueue;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Which messages of one delay level are done with. A level delivers in the order of its queue, so
 * nearly all of them are below the floor; the others were cancelled, or delivered before their
 * time.
 *
 * <p>Owner: the store turn.
 */
final class LevelProgress {
  private final OffsetSet doneAbove = new OffsetSet();

  /** As long as the log may have them. */
  private final OffsetSet cancelled = new OffsetSet();

  private long floor;

  boolean isDone(long queueOffset) {
    return queueOffset < floor || doneAbove.contains(queueOffset);
  }

  /** The first queue offset from one on that is not done with. */
  long nextOpen(long queueOffset) {
    return doneAbove.nextAbsent(Math.max(queueOffset, floor));
  }

  boolean isCancelled(long queueOffset) {
    return cancelled.contains(queueOffset);
  }

  /** All before this one is done. */
  long floor() {
    return floor;
  }

  void done(long queueOffset) {
    if (queueOffset >= floor) {
      doneAbove.add(queueOffset);
      raise();
    }
  }

  void cancelled(long queueOffset) {
    cancelled.add(queueOffset);
    done(queueOffset);
  }

  /**
   * What the log does not have will never be delivered. Not to be asked in the middle of a replay:
   * a message that is missing may yet come as a copy.
   */
  void forgetGone(ConsumeQueue queue) {
    GoneOffsets.remove(cancelled, queue);
    floor = Math.max(floor, queue.minOffset());
    doneAbove.removeBefore(floor);
    raise();
  }

  private void raise() {
    floor = doneAbove.nextAbsent(floor);
    doneAbove.removeBefore(floor);
  }

  Captured capture() {
    return new Captured(floor, doneAbove.capture(), cancelled.capture());
  }

  /** The progress at the position of a snapshot. */
  record Captured(long floor, OffsetSet.Captured doneAbove, OffsetSet.Captured cancelled) {

    /** Floor 8; {@link OffsetSet.Captured#write} of those that are done above it, and cancelled. */
    void write(DataOutput out) throws IOException {
      out.writeLong(floor);
      doneAbove.write(out);
      cancelled.write(out);
    }
  }

  static LevelProgress restored(DataInput in) throws IOException {
    LevelProgress restored = new LevelProgress();
    restored.floor = in.readLong();
    restored.doneAbove.restore(in);
    restored.cancelled.restore(in);
    return restored;
  }
}
