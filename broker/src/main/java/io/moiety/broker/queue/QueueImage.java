package io.moiety.broker.queue;

import io.moiety.broker.queue.BlockList.Block;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One queue at the position of a snapshot. Its bytes in the section:
 *
 * <pre>
 *   2 + n  topic, as {@link DataOutput#writeUTF} does
 *   4      queue id
 *   8      first queue offset that is stored
 *   8      end position of its record, 0 without one
 *   8      end of the queue offsets of which some were carried forward
 *   8      next queue offset
 *   4      count of the full blocks, and of each
 *            8  number: its first queue offset / 102
 *            4  place in the file of blocks
 *            8  greatest end position of its entries
 *   8      number of the block that is not full
 *   8      greatest end position of its entries
 *   4      count of its entries, and 20 bytes for each
 * </pre>
 */
record QueueImage(
    String topic,
    int queueId,
    long minOffset,
    long minEnd,
    long carriedEndOffset,
    long nextOffset,
    List<Block> blocks,
    TailBlock tail) {

  void write(DataOutput out) throws IOException {
    out.writeUTF(topic);
    out.writeInt(queueId);
    out.writeLong(minOffset);
    out.writeLong(minEnd);
    out.writeLong(carriedEndOffset);
    out.writeLong(nextOffset);
    out.writeInt(blocks.size());
    for (Block block : blocks) {
      out.writeLong(block.number());
      out.writeInt(block.id());
      out.writeLong(block.greatestEnd());
    }
    out.writeLong(tail.number());
    out.writeLong(tail.greatestEnd());
    out.writeInt(tail.entries());
    out.write(tail.content().array(), 0, tail.entries() * Entry.BYTES);
  }

  static QueueImage read(DataInput in) throws IOException {
    return new QueueImage(
        in.readUTF(),
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        readBlocks(in),
        readTail(in));
  }

  private static List<Block> readBlocks(DataInput in) throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      blocks.add(new Block(in.readLong(), in.readInt(), in.readLong()));
    }
    return blocks;
  }

  private static TailBlock readTail(DataInput in) throws IOException {
    long number = in.readLong();
    long greatestEnd = in.readLong();
    int entries = in.readInt();
    if (entries < 0 || entries >= TailBlock.ENTRIES) {
      throw new IOException("a tail of %d entries is impossible".formatted(entries));
    }
    byte[] content = new byte[entries * Entry.BYTES];
    in.readFully(content);
    return new TailBlock(number, greatestEnd, entries, ByteBuffer.wrap(content));
  }
}
