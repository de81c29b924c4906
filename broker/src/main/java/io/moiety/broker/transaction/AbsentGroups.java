package io.moiety.broker.transaction;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Since when no member of a producer group could be reached, as far as this run looked. Apart from
 * {@link CheckBack}, since it is of groups and not of half messages. What nobody saw does not
 * count: after a restart, or when nobody looked for long, the time begins anew. Of so many groups
 * that looking for the longest ago is forgotten, as if it had been reached.
 *
 * <p>Confined to the store turn.
 */
final class AbsentGroups {
  private static final int MAX_GROUPS = 10_000;

  private final long maxGapMillis;

  /** In the order of the last looks. */
  private final Map<String, Absence> absences = new LinkedHashMap<>();

  private record Absence(long sinceMillis, long seenMillis) {}

  /**
   * Nobody is known to be absent.
   *
   * @param maxGapMillis between two looks; behind a longer one the absence begins anew
   */
  AbsentGroups(long maxGapMillis) {
    this.maxGapMillis = maxGapMillis;
  }

  void reached(String group) {
    absences.remove(group);
  }

  /** Nobody of the group could be reached now; since when it is so. */
  long missedSinceMillis(String group, long nowMillis) {
    Absence before = absences.remove(group);
    boolean unbroken = before != null && nowMillis - before.seenMillis() <= maxGapMillis;
    long sinceMillis = unbroken ? before.sinceMillis() : nowMillis;
    absences.put(group, new Absence(sinceMillis, nowMillis));
    if (absences.size() > MAX_GROUPS) {
      absences.remove(absences.keySet().iterator().next());
    }
    return sinceMillis;
  }
}
