package io.moiety.broker.snapshot;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Which blocks of the file are free. A block that was released is still named by the snapshots that
 * are on the disk; it is free when a snapshot is durable that was captured after the release, since
 * then no start will use an older one.
 *
 * <p>Owner: the store turn; {@link #durable} is called by the view thread.
 */
final class BlockIds {

  /** What was released before one capture and after the one before it. */
  private record Released(long captureNumber, BitSet ids) {}

  private final BitSet free = new BitSet();
  private final Queue<Released> captured = new ArrayDeque<>();
  private final Queue<Long> durable = new ConcurrentLinkedQueue<>();
  private BitSet released = new BitSet();
  private int endId;
  private long captures;

  /** All blocks of the file are free until one is {@link #retain retained}. */
  BlockIds(int blocks) {
    endId = blocks;
    free.set(0, blocks);
  }

  /** Blocks of the file, whoever has them. */
  int count() {
    return endId;
  }

  /** A free block, the lowest one so that the file stays small. */
  int take() {
    reclaim();
    int id = free.nextSetBit(0);
    if (id < 0) {
      return endId++;
    }
    free.clear(id);
    return id;
  }

  /** False when there is no such block, or somebody has it already. */
  boolean retain(int id) {
    if (id < 0 || !free.get(id)) {
      return false;
    }
    free.clear(id);
    return true;
  }

  void release(int id) {
    if (id < 0 || id >= endId || free.get(id) || released.get(id)) {
      throw new IllegalStateException("block " + id + " is released, but nobody has it");
    }
    released.set(id);
  }

  /** Returns the number by which {@link #durable} knows the capture. */
  long capture() {
    captures++;
    captured.add(new Released(captures, released));
    released = new BitSet();
    return captures;
  }

  /** The snapshot with this capture is durable: what was released before it will be free. */
  void durable(long captureNumber) {
    durable.add(captureNumber);
  }

  /** Blocks that nobody has; those that wait for a snapshot are not among them. */
  int freeCount() {
    reclaim();
    return free.cardinality();
  }

  private void reclaim() {
    for (Long number = durable.poll(); number != null; number = durable.poll()) {
      while (!captured.isEmpty() && captured.element().captureNumber() <= number) {
        free.or(captured.remove().ids());
      }
    }
  }
}
