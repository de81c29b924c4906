package io.moiety.broker.transaction;

import java.util.Arrays;

/**
 * What the log says of half messages, one array for each thing. Producer groups are few, so their
 * names are shared.
 *
 * <p>Owner: the store turn; when nobody changes it any more, any thread may read it.
 */
final class HalfColumns {
  /** In the place of a number of checks. */
  private static final int NEVER_ASKED = -1;

  private final long[] positions;
  private final long[] storedPositions;
  private final long[] queueOffsets;
  private final long[] nextCheckMillis;
  private final int[] sizesBytes;
  private final int[] checks;
  private final String[] producerGroups;

  HalfColumns(int capacity) {
    this(
        new long[capacity],
        new long[capacity],
        new long[capacity],
        new long[capacity],
        new int[capacity],
        new int[capacity],
        new String[capacity]);
    Arrays.fill(producerGroups, "");
  }

  private HalfColumns(
      long[] positions,
      long[] storedPositions,
      long[] queueOffsets,
      long[] nextCheckMillis,
      int[] sizesBytes,
      int[] checks,
      String[] producerGroups) {
    this.positions = positions;
    this.storedPositions = storedPositions;
    this.queueOffsets = queueOffsets;
    this.nextCheckMillis = nextCheckMillis;
    this.sizesBytes = sizesBytes;
    this.checks = checks;
    this.producerGroups = producerGroups;
  }

  int capacity() {
    return positions.length;
  }

  HalfColumns copy(int capacity) {
    HalfColumns copy = new HalfColumns(capacity);
    int kept = Math.min(capacity, capacity());
    move(copy, 0, 0, kept);
    return copy;
  }

  /** Moves some of them to other places. */
  void shift(int from, int to, int count) {
    if (count > 0) {
      move(this, from, to, count);
    }
  }

  private void move(HalfColumns target, int from, int to, int count) {
    System.arraycopy(positions, from, target.positions, to, count);
    System.arraycopy(storedPositions, from, target.storedPositions, to, count);
    System.arraycopy(queueOffsets, from, target.queueOffsets, to, count);
    System.arraycopy(nextCheckMillis, from, target.nextCheckMillis, to, count);
    System.arraycopy(sizesBytes, from, target.sizesBytes, to, count);
    System.arraycopy(checks, from, target.checks, to, count);
    System.arraycopy(producerGroups, from, target.producerGroups, to, count);
  }

  void set(int index, HalfMessage half) {
    positions[index] = half.position();
    storedPositions[index] = half.storedPosition();
    queueOffsets[index] = half.queueOffset();
    nextCheckMillis[index] = half.nextCheckMillis();
    sizesBytes[index] = half.sizeBytes();
    checks[index] = half.asked() ? half.checks() : NEVER_ASKED;
    producerGroups[index] = half.producerGroup();
  }

  /** Nothing is in that place any more. */
  void clear(int index) {
    producerGroups[index] = "";
  }

  HalfMessage at(int index, long askMillis) {
    return new HalfMessage(
        positions[index],
        storedPositions[index],
        sizesBytes[index],
        queueOffsets[index],
        producerGroups[index],
        Math.max(0, checks[index]),
        isAsked(index),
        nextCheckMillis[index],
        askMillis);
  }

  int indexOf(long position, int count) {
    return Arrays.binarySearch(positions, 0, count, position);
  }

  long position(int index) {
    return positions[index];
  }

  long storedPosition(int index) {
    return storedPositions[index];
  }

  long nextCheckMillis(int index) {
    return nextCheckMillis[index];
  }

  /** Whether the log tells of a check. */
  boolean isAsked(int index) {
    return checks[index] != NEVER_ASKED;
  }
}
