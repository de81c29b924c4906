package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * Entries in the order of their times: those that are due soon (the near ones) on the heap, the
 * others in {@link TimerRuns}. Separate from {@link TimerSchedule}, which knows what waits.
 *
 * <p>Owner: the store turn.
 */
final class TimerEntries {
  private final TimerSizes sizes;
  private final TreeSet<TimerEntry> near = new TreeSet<>();
  private final TimerRuns runs;

  /**
   * No entries.
   *
   * @param waits whether a message is still to be delivered, by its queue offset
   */
  TimerEntries(BlockFile blocks, TimerSizes sizes, LongPredicate waits) {
    this.sizes = sizes;
    this.runs = new TimerRuns(blocks, sizes, waits);
  }

  void add(TimerEntry entry) {
    near.add(entry);
    if (near.size() > sizes.nearEntries()) {
      spill();
    }
    runs.keepPace();
  }

  /** Some of those that are due last make a run. */
  private void spill() {
    List<TimerEntry> far = new ArrayList<>(sizes.spilledEntries());
    Iterator<TimerEntry> lastFirst = near.descendingIterator();
    while (far.size() < sizes.spilledEntries()) {
      far.add(lastFirst.next());
      lastFirst.remove();
    }
    Collections.reverse(far);
    runs.add(far);
  }

  /** It does not wait any more. In a run it stays until its time comes, and is passed over then. */
  void remove(TimerEntry entry) {
    near.remove(entry);
  }

  /** The first of them, whether its message still waits or not. */
  Optional<TimerEntry> first() {
    Optional<TimerEntry> far = runs.first();
    if (near.isEmpty()) {
      return far;
    }
    return far.filter(entry -> entry.compareTo(near.first()) < 0)
        .or(() -> Optional.of(near.first()));
  }

  /** Goes behind the first of them. */
  void passFirst() {
    first()
        .ifPresent(
            entry -> {
              if (!near.remove(entry)) {
                runs.passFirst();
              }
            });
  }

  /** The entries from one on, in order; to be used before anything changes. */
  TimerWalk walkFrom(TimerEntry first) {
    return new TimerWalk(near.tailSet(first, true), runs.from(first));
  }

  /** The near ones, in order. */
  Collection<TimerEntry> near() {
    return Collections.unmodifiableSortedSet(near);
  }

  /** Every entry that waits, in no order, or the exception of a block that cannot be read. */
  List<TimerEntry> all() {
    List<TimerEntry> all = runs.all();
    all.addAll(near);
    return all;
  }

  TimerRuns.Captured captureRuns() {
    return runs.capture();
  }

  /** Takes near entries, and what {@link TimerRuns.Captured#write} wrote. */
  void restore(List<TimerEntry> nearOnes, DataInput runsOfSection) throws IOException {
    near.addAll(nearOnes);
    runs.restore(runsOfSection);
  }

  int runCount() {
    return runs.count();
  }

  int blockCount() {
    return runs.blockCount();
  }
}
