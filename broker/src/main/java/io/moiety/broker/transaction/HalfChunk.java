package io.moiety.broker.transaction;

import java.util.Arrays;
import java.util.List;

/**
 * Neighbouring half messages in arrays, in the order of their positions, 52 bytes each. A snapshot
 * shares the arrays until something in them changes; how long checks are put off in this run is
 * none of its business and so costs no copy.
 *
 * <p>Two numbers are bounds: nothing in the chunk is below them, which is what lets whole chunks be
 * passed over. They are made exact when somebody came in vain.
 *
 * <p>Owner: the store turn.
 */
final class HalfChunk {
  static final int MAX_HALVES = 512;
  private static final int FIRST_CAPACITY = 8;

  private HalfColumns columns;
  private long[] putOffMillis;
  private int count;
  private boolean captured;
  private long soonestAskMillis = Long.MAX_VALUE;
  private long leastStoredPosition = Long.MAX_VALUE;

  /** An empty chunk that grows as it must. */
  HalfChunk() {
    this(FIRST_CAPACITY);
  }

  private HalfChunk(int capacity) {
    this(new HalfColumns(capacity), new long[capacity], 0);
  }

  private HalfChunk(HalfColumns columns, long[] putOffMillis, int count) {
    this.columns = columns;
    this.putOffMillis = putOffMillis;
    this.count = count;
  }

  /** An empty chunk behind this full one, which is likely to fill up as well. */
  HalfChunk successor() {
    return new HalfChunk(MAX_HALVES);
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == MAX_HALVES;
  }

  /** Position of the first one; there is one. */
  long firstPosition() {
    return columns.position(0);
  }

  long lastPosition() {
    return columns.position(count - 1);
  }

  /** Index of the half message with a name, or -(where it would be) - 1. */
  int indexOf(long position) {
    return columns.indexOf(position, count);
  }

  HalfMessage at(int index) {
    return columns.at(index, askMillis(index));
  }

  /** When the producers of one are asked in this run. */
  long askMillis(int index) {
    return columns.nextCheckMillis(index) + putOffMillis[index];
  }

  /** Puts one between its neighbours. */
  void insert(int index, HalfMessage half) {
    own(count == columns.capacity() ? Math.min(MAX_HALVES, 2 * count) : columns.capacity());
    columns.shift(index, index + 1, count - index);
    System.arraycopy(putOffMillis, index, putOffMillis, index + 1, count - index);
    count++;
    set(index, half);
  }

  /** Puts one in the place of what is known of it. */
  void replace(int index, HalfMessage half) {
    own(columns.capacity());
    set(index, half);
  }

  void remove(int index) {
    own(columns.capacity());
    columns.shift(index + 1, index, count - index - 1);
    System.arraycopy(putOffMillis, index + 1, putOffMillis, index, count - index - 1);
    count--;
    columns.clear(count);
    if (count < columns.capacity() / 2 && columns.capacity() > FIRST_CAPACITY) {
      own(columns.capacity() / 2);
    }
  }

  /** Its producers are asked later than the log says. */
  void putOff(int index, long askMillis) {
    putOffMillis[index] = Math.max(0, askMillis - columns.nextCheckMillis(index));
    soonestAskMillis = Math.min(soonestAskMillis, askMillis(index));
  }

  /** The upper half of a full chunk, which is taken out of this one. */
  HalfChunk split() {
    HalfChunk upper = new HalfChunk();
    for (int index = count / 2; index < count; index++) {
      upper.insert(upper.count, at(index));
    }
    while (count > MAX_HALVES / 2) {
      remove(count - 1);
    }
    return upper;
  }

  /** Nobody is asked before; exact after {@link #measure}. */
  long soonestAskMillis() {
    return soonestAskMillis;
  }

  /** None lies before; exact after {@link #measure}. */
  long leastStoredPosition() {
    return leastStoredPosition;
  }

  /** Makes the bounds exact. */
  void measure() {
    soonestAskMillis = Long.MAX_VALUE;
    leastStoredPosition = Long.MAX_VALUE;
    for (int index = 0; index < count; index++) {
      bound(index);
    }
  }

  /** Adds those whose producers are to be asked by then, at most so many in all. */
  void addDue(long millis, int limit, List<HalfMessage> due) {
    for (int index = 0; index < count && due.size() < limit; index++) {
      if (askMillis(index) <= millis) {
        due.add(at(index));
      }
    }
  }

  /** What the log says of them, not to be changed any more. */
  Captured capture() {
    captured = true;
    return new Captured(columns, count);
  }

  /** Half messages at the position of a snapshot. */
  record Captured(HalfColumns columns, int count) {}

  private void set(int index, HalfMessage half) {
    columns.set(index, half);
    putOff(index, half.askMillis());
    bound(index);
  }

  private void bound(int index) {
    soonestAskMillis = Math.min(soonestAskMillis, askMillis(index));
    leastStoredPosition = Math.min(leastStoredPosition, columns.storedPosition(index));
  }

  /** Makes sure that the arrays have the capacity, and are no snapshot's. */
  private void own(int capacity) {
    if (captured || capacity != columns.capacity()) {
      columns = columns.copy(capacity);
      captured = false;
    }
    if (putOffMillis.length != capacity) {
      putOffMillis = Arrays.copyOf(putOffMillis, capacity);
    }
  }
}
