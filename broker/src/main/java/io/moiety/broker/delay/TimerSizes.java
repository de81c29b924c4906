package io.moiety.broker.delay;

/**
 * How much of the schedule is where. Tests take small numbers, to come to everything with few
 * messages.
 *
 * @param nearEntries on the heap at most; above, those that are due last go to a run
 * @param spilledEntries of them that make a run, so few that it takes the turn for less than a
 *     millisecond
 * @param runsPerMerge runs of one tier that become one of the next
 */
public record TimerSizes(int nearEntries, int spilledEntries, int runsPerMerge) {
  /**
   * Merging keeps pace with what is added: in each tier an entry is copied once for each that is
   * added, and with the standard sizes a thousand million messages have seven tiers.
   */
  static final int COPIED_PER_ADDED = 8;

  /** The broker's own: about 3 MB of heap, and runs of 2,048 entries and more. */
  public static TimerSizes standard() {
    return new TimerSizes(32 * 1024, 2 * 1024, 8);
  }
}
