package io.moiety.broker.index;

import io.moiety.broker.snapshot.ViewFile;
import io.moiety.broker.snapshot.ViewFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A finished run: a file of sorted pairs that never changes, and the fences of its blocks, so that
 * a hash is found with one read.
 *
 * <p>Any thread but an application's reads. The file is open for as long as the index or a reader
 * has it: readers {@link #acquire} and {@link #release}, the view thread releases what the index
 * held when another run has taken its place.
 */
final class KeyRun {
  private final String name;
  private final ViewFile file;
  private final long firstPosition;
  private final long endPosition;
  private final long pairs;

  /** Hash and position of the first pair of each block. */
  private final long[] fences;

  private final AtomicInteger holders = new AtomicInteger(1);

  private KeyRun(
      String name, ViewFile file, long firstPosition, long endPosition, long pairs, long[] fences) {
    this.name = name;
    this.file = file;
    this.firstPosition = firstPosition;
    this.endPosition = endPosition;
    this.pairs = pairs;
    this.fences = fences;
  }

  /**
   * Opens the run and reads its fences.
   *
   * @throws IOException when there is none, or it is not whole
   */
  static KeyRun open(ViewFiles files, long firstPosition, long endPosition) throws IOException {
    String name = RunFormat.name(firstPosition, endPosition);
    if (!files.list().contains(name)) {
      throw new IOException("the key index has no file " + name);
    }
    ViewFile file = files.open(name);
    try {
      return read(name, file, firstPosition, endPosition);
    } catch (IOException | RuntimeException damage) {
      file.close();
      throw damage;
    }
  }

  private static KeyRun read(String name, ViewFile file, long firstPosition, long endPosition)
      throws IOException {
    long sizeBytes = file.sizeBytes();
    long blocks =
        (sizeBytes - RunFormat.TAIL_BYTES) / (RunFormat.BLOCK_BYTES + RunFormat.PAIR_BYTES);
    if (blocks < 1
        || blocks > Integer.MAX_VALUE / RunFormat.PAIR_BYTES - RunFormat.TAIL_BYTES
        || sizeBytes != RunFormat.fileBytes((int) blocks)) {
      throw new IOException(name + " has " + sizeBytes + " bytes, which is no whole run");
    }
    int fenceBytes = (int) blocks * RunFormat.PAIR_BYTES;
    ByteBuffer end = ByteBuffer.allocate(fenceBytes + RunFormat.TAIL_BYTES);
    file.read(blocks * RunFormat.BLOCK_BYTES, end);
    end.flip();
    ByteBuffer tail = end.slice(fenceBytes, RunFormat.TAIL_BYTES);
    int crc = RunFormat.crc(end.slice(0, fenceBytes + RunFormat.TAIL_CRC_AT));
    boolean whole =
        tail.getInt() == RunFormat.MAGIC
            && tail.getInt() == blocks
            && tail.getLong() == firstPosition
            && tail.getLong() == endPosition;
    long pairs = tail.getLong();
    if (!whole || tail.getInt(RunFormat.TAIL_CRC_AT) != crc) {
      throw new IOException(name + " is damaged: its end is not what was written");
    }
    long[] fences = new long[2 * (int) blocks];
    end.slice(0, fenceBytes).asLongBuffer().get(fences);
    return new KeyRun(name, file, firstPosition, endPosition, pairs, fences);
  }

  String name() {
    return name;
  }

  /** No pair lies before it. */
  long firstPosition() {
    return firstPosition;
  }

  /** All pairs lie before it. */
  long endPosition() {
    return endPosition;
  }

  long pairs() {
    return pairs;
  }

  int blocks() {
    return fences.length / 2;
  }

  /** True when the caller may read until it releases; false when the run was given up. */
  boolean acquire() {
    int before = holders.get();
    while (before > 0) {
      if (holders.compareAndSet(before, before + 1)) {
        return true;
      }
      before = holders.get();
    }
    return false;
  }

  /** The last one closes the file. */
  void release() throws IOException {
    if (holders.decrementAndGet() == 0) {
      file.close();
    }
  }

  /**
   * Shows the positions of a hash; false when the visitor has seen enough.
   *
   * @throws RunDamagedException when a block cannot be read or is damaged
   */
  boolean newestFirst(long hash, PositionVisitor visitor) throws RunDamagedException {
    int number = lastBlockFrom(hash);
    while (number >= 0) {
      ByteBuffer block = block(number);
      for (int at = block.limit() - RunFormat.PAIR_BYTES; at >= 0; at -= RunFormat.PAIR_BYTES) {
        long found = block.getLong(at);
        if (found < hash) {
          return true;
        }
        if (found == hash && !visitor.visit(block.getLong(at + Long.BYTES))) {
          return false;
        }
      }
      number--;
    }
    return true;
  }

  void all(PairVisitor visitor) throws IOException {
    for (int number = 0; number < blocks(); number++) {
      ByteBuffer block = block(number);
      while (block.hasRemaining()) {
        visitor.visit(block.getLong(), block.getLong());
      }
    }
  }

  /**
   * The pairs of a block, checked, and nothing else.
   *
   * @throws RunDamagedException when it cannot be read or is damaged
   */
  ByteBuffer block(int number) throws RunDamagedException {
    ByteBuffer block = ByteBuffer.allocate(RunFormat.BLOCK_BYTES);
    try {
      file.read((long) number * RunFormat.BLOCK_BYTES, block);
    } catch (IOException unreadable) {
      throw new RunDamagedException(
          this,
          "block %d of %s cannot be read: %s".formatted(number, name, unreadable.getMessage()),
          unreadable);
    }
    block.rewind();
    int crc = RunFormat.crc(block.slice(0, RunFormat.BLOCK_CRC_AT));
    int count = block.getInt(RunFormat.COUNT_AT);
    if (crc != block.getInt(RunFormat.BLOCK_CRC_AT)
        || block.getLong(RunFormat.OWNER_AT) != firstPosition
        || count < 1
        || count > RunFormat.PAIRS_PER_BLOCK
        || block.getLong(0) != fences[2 * number]
        || block.getLong(Long.BYTES) != fences[2 * number + 1]) {
      throw new RunDamagedException(
          this, "block %d of %s is damaged".formatted(number, name), null);
    }
    return block.limit(count * RunFormat.PAIR_BYTES);
  }

  /** The last block that begins with this hash or a lower one; -1 when all begin with higher. */
  private int lastBlockFrom(long hash) {
    int low = 0;
    int high = blocks();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (fences[2 * middle] <= hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
