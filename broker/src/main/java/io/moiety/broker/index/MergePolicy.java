package io.moiety.broker.index;

import java.util.List;

/**
 * Which runs become one: as soon as a number of neighbours are of one size class, these. A pair is
 * so written once for each class, and a search reads a few blocks for each.
 *
 * @param runPairs pairs of the smallest class
 * @param fanIn how many runs become one, and how much larger each class is
 * @param classes runs of the last one are left alone
 */
record MergePolicy(int runPairs, int fanIn, int classes) {

  /** Eight neighbours that can be merged, the newest such; empty when there are none. */
  List<KeyRun> choose(List<KeyRun> runs) {
    int to = runs.size();
    for (int from = runs.size() - 1; from >= 0; from--) {
      int sizeClass = sizeClass(runs.get(from));
      if (sizeClass != sizeClass(runs.get(to - 1))) {
        to = from + 1;
      }
      if (to - from == fanIn && sizeClass < classes - 1) {
        return runs.subList(from, to);
      }
    }
    return List.of();
  }

  private int sizeClass(KeyRun run) {
    int sizeClass = 0;
    long bound = (long) runPairs * fanIn;
    while (run.pairs() >= bound && sizeClass < classes - 1) {
      sizeClass++;
      bound *= fanIn;
    }
    return sizeClass;
  }
}
