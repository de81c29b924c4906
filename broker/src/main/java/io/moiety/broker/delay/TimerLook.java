package io.moiety.broker.delay;

import io.moiety.broker.queue.Entry;
import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.snapshot.BlockDamagedException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * A look for what waits for an exact time: goes through the records of the log's beginning in their
 * order.
 *
 * <p>Owner: the store turn.
 */
final class TimerLook implements LiveLook {
  /** About a millisecond of the turn. */
  private static final int LOOKED_AT_PER_RUN = 4_096;

  private final LogOrder order;
  private final LongFunction<Optional<Entry>> waiting;
  private final long endPosition;
  private final long end;
  private long next;

  /**
   * A look.
   *
   * @param waiting where a message lies that waits, by its queue offset
   */
  TimerLook(LogOrder order, LongFunction<Optional<Entry>> waiting, long endPosition) {
    this.order = order;
    this.waiting = waiting;
    this.endPosition = endPosition;
    this.end = order.endBefore(endPosition);
  }

  @Override
  public boolean goOn(LiveSet live) {
    try {
      next = Math.max(next, order.begin());
      for (int left = LOOKED_AT_PER_RUN; next < end && left > 0 && !live.isFull(); left--) {
        waiting
            .apply(order.at(next))
            .filter(entry -> entry.position() < endPosition)
            .ifPresent(entry -> live.add(entry.position(), entry.sizeBytes()));
        next++;
      }
      return next >= end;
    } catch (BlockDamagedException | UncheckedIOException toldByTheFile) {
      live.cannotTell();
      return true;
    }
  }
}
