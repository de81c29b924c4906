package io.moiety.broker.index;

/**
 * Sorts pairs by their hash, a byte at a time from the lowest; stable, so the pairs of one hash
 * stay in the order of the log. The library sorts pairs only as objects, one for each.
 */
final class PairSort {
  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private PairSort() {}

  /**
   * @param pairs hash, position, hash, position…; overwritten
   */
  static long[] byHash(long[] pairs) {
    long[] source = pairs;
    long[] target = new long[pairs.length];
    for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
      int[] next = firstPlaces(source, shift);
      for (int at = 0; at < source.length; at += 2) {
        int digit = digit(source[at], shift);
        int place = next[digit];
        next[digit] += 2;
        target[place] = source[at];
        target[place + 1] = source[at + 1];
      }
      long[] swapped = source;
      source = target;
      target = swapped;
    }
    return source;
  }

  private static int[] firstPlaces(long[] pairs, int shift) {
    int[] places = new int[DIGITS];
    for (int at = 0; at < pairs.length; at += 2) {
      places[digit(pairs[at], shift)] += 2;
    }
    int place = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int count = places[digit];
      places[digit] = place;
      place += count;
    }
    return places;
  }

  private static int digit(long hash, int shift) {
    return (int) (hash >>> shift) & (DIGITS - 1);
  }
}
