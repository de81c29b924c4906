package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The queue offsets of all records of one queue that the log has, in the order of the log: of the
 * messages as they were stored, and of each copy that was carried forward. So those of the log's
 * first segment are found without a look at the others. Eight bytes each, in blocks of the file;
 * the last block is on the heap.
 *
 * <p>Entries are known by numbers that only grow. Owner: the store turn.
 */
final class LogOrder {
  /** Entries of a block. */
  static final int BLOCK_ENTRIES = BlockFile.CONTENT_BYTES / Long.BYTES;

  private static final int OWNER = "delay-log-order".hashCode();

  private final BlockFile blockFile;
  private final List<Block> blocks = new ArrayList<>();
  private final long[] tail = new long[BLOCK_ENTRIES];
  private int tailEntries;
  private long tailPosition;

  /** Of the first block that is left, by which all entries are numbered. */
  private long firstBlock;

  /** A full block, and the position of its first record. */
  private record Block(long position, int id) {}

  LogOrder(BlockFile blockFile) {
    this.blockFile = blockFile;
  }

  /** A record behind all others. */
  void add(long position, long queueOffset) {
    if (tailEntries == 0) {
      tailPosition = position;
    }
    tail[tailEntries] = queueOffset;
    tailEntries++;
    if (tailEntries == BLOCK_ENTRIES) {
      ByteBuffer content = ByteBuffer.allocate(BlockFile.CONTENT_BYTES);
      content.asLongBuffer().put(tail);
      blocks.add(
          new Block(tailPosition, blockFile.append(owner(firstBlock + blocks.size()), content)));
      tailEntries = 0;
    }
  }

  /** Number of the first entry that is left. */
  long begin() {
    return firstBlock * BLOCK_ENTRIES;
  }

  /** Behind the last entry whose record may lie before a position, and a few more. */
  long endBefore(long position) {
    int low = 0;
    int high = blocks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (blocks.get(middle).position() < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    long end = (firstBlock + low) * BLOCK_ENTRIES;
    return low == blocks.size() && tailPosition < position ? end + tailEntries : end;
  }

  /** The queue offset of an entry between {@link #begin} and the end. May read a file. */
  long at(long number) {
    int block = Math.toIntExact(number / BLOCK_ENTRIES - firstBlock);
    int index = (int) (number % BLOCK_ENTRIES);
    if (block == blocks.size()) {
      return tail[index];
    }
    return blockFile
        .read(owner(firstBlock + block), blocks.get(block).id())
        .getLong(index * Long.BYTES);
  }

  /** The log begins here from now on. */
  void forgetBefore(long firstPosition) {
    int gone = 0;
    while (gone < blocks.size() && positionBehind(gone) <= firstPosition) {
      blockFile.release(blocks.get(gone).id());
      gone++;
    }
    blocks.subList(0, gone).clear();
    firstBlock += gone;
  }

  /** The position of the record that is first behind a block; the greatest when there is none. */
  private long positionBehind(int block) {
    if (block + 1 < blocks.size()) {
      return blocks.get(block + 1).position();
    }
    return tailEntries > 0 ? tailPosition : Long.MAX_VALUE;
  }

  int blockCount() {
    return blocks.size();
  }

  Captured capture() {
    return new Captured(
        firstBlock, List.copyOf(blocks), tailPosition, Arrays.copyOf(tail, tailEntries));
  }

  /** The order at the position of a snapshot. */
  static final class Captured {
    private final long firstBlock;
    private final List<Block> blocks;
    private final long tailPosition;
    private final long[] tail;

    private Captured(long firstBlock, List<Block> blocks, long tailPosition, long[] tail) {
      this.firstBlock = firstBlock;
      this.blocks = blocks;
      this.tailPosition = tailPosition;
      this.tail = tail;
    }

    /**
     * Number of the first block 8, count of the blocks 4, of each the position of its first record
     * 8 and its place in the file 4; position of the first record in the last block 8, count of its
     * entries 4, each 8.
     */
    void write(DataOutput out) throws IOException {
      out.writeLong(firstBlock);
      out.writeInt(blocks.size());
      for (Block block : blocks) {
        out.writeLong(block.position());
        out.writeInt(block.id());
      }
      out.writeLong(tailPosition);
      out.writeInt(tail.length);
      for (long queueOffset : tail) {
        out.writeLong(queueOffset);
      }
    }
  }

  /** Takes what {@link Captured#write} wrote, and its blocks in use. */
  void restore(DataInput in) throws IOException {
    firstBlock = in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      Block block = new Block(in.readLong(), in.readInt());
      blockFile.retain(block.id());
      blocks.add(block);
    }
    tailPosition = in.readLong();
    tailEntries = in.readInt();
    if (tailEntries < 0 || tailEntries >= BLOCK_ENTRIES) {
      throw new IOException("a block of %d entries is none".formatted(tailEntries));
    }
    for (int i = 0; i < tailEntries; i++) {
      tail[i] = in.readLong();
    }
  }

  private static int owner(long block) {
    return 31 * OWNER + Long.hashCode(block);
  }
}
