package io.moiety.broker.index;

import java.util.Arrays;

/**
 * Pairs in the order of the log, on the heap, at most a run's worth. Grows from little, so that an
 * idle broker holds little.
 *
 * <p>Written by the store turn, read by any thread: a pair is never changed once it is counted, and
 * the count is published after the pair.
 */
final class PairBuffer {
  private static final int LONGS_PER_PAIR = 2;
  private static final int FIRST_PAIRS = 64;

  private final int capacity;
  private volatile long[] pairs;
  private volatile int count;

  PairBuffer(int capacity) {
    this.capacity = capacity;
    this.pairs = new long[LONGS_PER_PAIR * Math.min(FIRST_PAIRS, capacity)];
  }

  /** The room for the pair is there: the buffer is not full. */
  void add(long hash, long position) {
    int at = LONGS_PER_PAIR * count;
    if (at == pairs.length) {
      pairs = Arrays.copyOf(pairs, Math.min(2 * at, LONGS_PER_PAIR * capacity));
    }
    long[] target = pairs;
    target[at] = hash;
    target[at + 1] = position;
    count = at / LONGS_PER_PAIR + 1;
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == capacity;
  }

  long hash(int pair) {
    return pairs[LONGS_PER_PAIR * pair];
  }

  long position(int pair) {
    return pairs[LONGS_PER_PAIR * pair + 1];
  }

  /** Shows the positions of a hash; false when the visitor has seen enough. */
  boolean newestFirst(long hash, PositionVisitor visitor) {
    int end = count;
    long[] source = pairs;
    for (int at = LONGS_PER_PAIR * (end - 1); at >= 0; at -= LONGS_PER_PAIR) {
      if (source[at] == hash && !visitor.visit(source[at + 1])) {
        return false;
      }
    }
    return true;
  }

  void all(PairVisitor visitor) {
    for (int pair = 0; pair < count; pair++) {
      visitor.visit(hash(pair), position(pair));
    }
  }

  /** A copy of what is counted, in the order of the hashes and for one hash in that of the log. */
  long[] sorted() {
    int length = LONGS_PER_PAIR * count;
    return PairSort.byHash(Arrays.copyOf(pairs, length));
  }
}
