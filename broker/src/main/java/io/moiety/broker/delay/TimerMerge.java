package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Makes one run of several, a few entries at a time, without those that do not wait any more. The
 * runs stay as they are until it is done; messages may be delivered from them meanwhile.
 *
 * <p>Owner: the store turn.
 */
final class TimerMerge {
  private final List<TimerCursor> heads;
  private final List<TimerCursor> cursors;
  private final LongPredicate waits;
  private final TimerRunWriter merged;

  /**
   * Begins to merge.
   *
   * @param heads of the runs: where each begins that is left of it
   * @param waits whether a message is still to be delivered, by its queue offset
   */
  TimerMerge(
      List<TimerCursor> heads, BlockFile blocks, LongPredicate waits, TimerRunWriter merged) {
    this.heads = List.copyOf(heads);
    this.cursors =
        this.heads.stream().map(head -> new TimerCursor(head.run(), blocks, head.index())).toList();
    this.waits = waits;
    this.merged = merged;
  }

  List<TimerCursor> heads() {
    return heads;
  }

  boolean isOf(TimerCursor head) {
    return heads.contains(head);
  }

  /**
   * Goes on by at most so many entries.
   *
   * @return how many were left to do when it came to its end; less than 1 when it did not
   */
  int goOn(int entries) {
    skipDelivered();
    for (int left = entries; left > 0; left--) {
      Optional<TimerCursor> first = TimerCursor.first(cursors);
      if (first.isEmpty()) {
        return left;
      }
      if (waits.test(first.get().queueOffset())) {
        first.get().copyTo(merged);
      }
      first.get().next();
    }
    return 0;
  }

  /** The merged run; empty when nothing waits any more. */
  Optional<TimerRun> finish() {
    return merged.finish();
  }

  /** Blocks before the heads are given back, and may be others' by now. */
  private void skipDelivered() {
    for (int i = 0; i < heads.size(); i++) {
      cursors.get(i).goTo(heads.get(i).index());
    }
  }
}
