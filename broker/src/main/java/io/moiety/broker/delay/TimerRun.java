package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Entries in order, in blocks of the file, of which the last may not be full; never changed. The
 * heap has the first entry of each block, so that a search reads one.
 *
 * <p>Immutable.
 */
final class TimerRun {
  /** Entries of a block. */
  static final int BLOCK_ENTRIES = BlockFile.CONTENT_BYTES / TimerEntry.BYTES;

  private static final int OWNER = "delay-timers".hashCode();

  private final long number;
  private final int tier;
  private final int entries;
  private final Fences fences;

  /**
   * What the heap has of each block.
   *
   * @param number of no other run of this store: tells its blocks from others
   * @param tier how often its entries were merged
   * @param entries how many it has
   */
  TimerRun(long number, int tier, int entries, Fences fences) {
    this.number = number;
    this.tier = tier;
    this.entries = entries;
    this.fences = fences;
  }

  /**
   * First entries of blocks, and where the blocks are in the file. Grows while a run is written.
   */
  static final class Fences {
    private static final int FIRST_CAPACITY = 16;

    private long[] dueMillis = new long[FIRST_CAPACITY];
    private long[] origins = new long[FIRST_CAPACITY];
    private int[] blockIds = new int[FIRST_CAPACITY];
    private int count;

    void add(long firstDueMillis, long firstOrigin, int blockId) {
      if (count == blockIds.length) {
        copyTo(count + count / 2);
      }
      dueMillis[count] = firstDueMillis;
      origins[count] = firstOrigin;
      blockIds[count] = blockId;
      count++;
    }

    int count() {
      return count;
    }

    int blockId(int block) {
      return blockIds[block];
    }

    /** Nothing more is added. */
    Fences trimmed() {
      copyTo(count);
      return this;
    }

    /** The last block whose first entry does not come behind this one; the first without one. */
    private int blockOf(TimerEntry entry) {
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = (low + high) >>> 1;
        int order =
            TimerEntry.compare(
                dueMillis[middle], origins[middle], entry.dueMillis(), entry.originPosition());
        if (order <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return Math.max(0, low - 1);
    }

    private void copyTo(int capacity) {
      dueMillis = Arrays.copyOf(dueMillis, capacity);
      origins = Arrays.copyOf(origins, capacity);
      blockIds = Arrays.copyOf(blockIds, capacity);
    }
  }

  int tier() {
    return tier;
  }

  int entries() {
    return entries;
  }

  int blockCount() {
    return fences.count();
  }

  /** The content of a block. May read a file. */
  ByteBuffer read(BlockFile blocks, int block) {
    return blocks.read(owner(number, block), fences.blockId(block));
  }

  /** The block in which the entry is, or would be. */
  int blockOf(TimerEntry entry) {
    return fences.blockOf(entry);
  }

  /** Gives back blocks that no reader will come to any more. */
  void release(BlockFile blocks, int fromBlock, int endBlock) {
    for (int block = fromBlock; block < endBlock; block++) {
      blocks.release(fences.blockId(block));
    }
  }

  /** Tells a block from those of other runs, and from others of this one. */
  static int owner(long number, int block) {
    return 31 * (31 * OWNER + Long.hashCode(number)) + block;
  }

  /**
   * Number 8, tier 4, count of entries 4, index of the first that is needed 4; and of each block,
   * from the one with that entry on, due time and origin position of its first entry 8 each, place
   * in the file 4.
   */
  void write(DataOutput out, int firstNeeded) throws IOException {
    out.writeLong(number);
    out.writeInt(tier);
    out.writeInt(entries);
    out.writeInt(firstNeeded);
    for (int block = firstNeeded / BLOCK_ENTRIES; block < fences.count(); block++) {
      out.writeLong(fences.dueMillis[block]);
      out.writeLong(fences.origins[block]);
      out.writeInt(fences.blockId(block));
    }
  }

  /** A run as it was written, and its first entry that is needed. */
  record Restored(TimerRun run, int firstNeeded) {}

  /**
   * Reads a run, and takes its blocks in use.
   *
   * @throws IOException when it is not what was written, or its blocks are not there
   */
  static Restored read(DataInput in, BlockFile blocks) throws IOException {
    long number = in.readLong();
    int tier = in.readInt();
    int entries = in.readInt();
    int firstNeeded = in.readInt();
    if (tier < 0 || firstNeeded < 0 || firstNeeded >= entries) {
      throw new IOException(
          "a run of %d entries that begins at %d is none".formatted(entries, firstNeeded));
    }
    Fences fences = new Fences();
    int blockCount = (entries + BLOCK_ENTRIES - 1) / BLOCK_ENTRIES;
    for (int block = 0; block < blockCount; block++) {
      if (block < firstNeeded / BLOCK_ENTRIES) {
        fences.add(Long.MIN_VALUE, 0, -1); // Given back: nobody reads it again.
      } else {
        fences.add(in.readLong(), in.readLong(), in.readInt());
        blocks.retain(fences.blockId(block));
      }
    }
    return new Restored(new TimerRun(number, tier, entries, fences.trimmed()), firstNeeded);
  }
}
