package io.moiety.broker.delay;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the near entries and the runs in one order. It may meet entries of runs that do not
 * wait any more.
 *
 * <p>Owner: the store turn, for one task of it.
 */
final class TimerWalk {
  private final Iterator<TimerEntry> near;
  private final List<TimerCursor> runs;
  private Optional<TimerEntry> nextNear;

  /**
   * A walk.
   *
   * @param near entries in order
   * @param runs at the places where it begins
   */
  TimerWalk(Collection<TimerEntry> near, List<TimerCursor> runs) {
    this.near = near.iterator();
    this.runs = runs;
    this.nextNear = takeNear();
  }

  /** The next entry; empty at the end. */
  Optional<TimerEntry> next() {
    Optional<TimerCursor> run = TimerCursor.first(runs);
    Optional<TimerEntry> far = run.flatMap(TimerCursor::readable);
    if (run.isPresent()
        && far.isPresent()
        && (nextNear.isEmpty() || far.get().compareTo(nextNear.get()) < 0)) {
      run.get().next();
      return far;
    }
    Optional<TimerEntry> taken = nextNear;
    nextNear = takeNear();
    return taken;
  }

  private Optional<TimerEntry> takeNear() {
    return near.hasNext() ? Optional.of(near.next()) : Optional.empty();
  }
}
