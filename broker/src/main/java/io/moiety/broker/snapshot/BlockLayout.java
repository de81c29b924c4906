package io.moiety.broker.snapshot;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * The bytes of a block in the file.
 *
 * <pre>
 *      0  2040  content
 *   2040     4  owner, as its view calls itself and the place of the block in it
 *   2044     4  CRC-32 of the 2,044 bytes before
 * </pre>
 *
 * The owner tells a block from a later one in the same place. Numbers are big-endian.
 */
final class BlockLayout {
  static final int BLOCK_BYTES = 2048;
  static final int CONTENT_BYTES = 2040;
  static final int OWNER_AT = CONTENT_BYTES;
  static final int CRC_AT = OWNER_AT + Integer.BYTES;

  private BlockLayout() {}

  static long indexOf(int id) {
    return (long) id * BLOCK_BYTES;
  }

  /** Makes the block of its content, ready to be written. */
  static ByteBuffer seal(int owner, ByteBuffer content) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    block.put(content.duplicate());
    block.putInt(OWNER_AT, owner).putInt(CRC_AT, crc(block));
    return block.rewind();
  }

  /**
   * The content of a block that was read.
   *
   * @param block what the file has there, from 0 to its position
   * @throws BlockDamagedException when it is not the one that this owner wrote
   */
  static ByteBuffer open(int owner, int id, ByteBuffer block) {
    if (block.hasRemaining()) {
      throw new BlockDamagedException(
          id, "the file ends %d bytes before its end".formatted(block.remaining()));
    }
    int crc = crc(block);
    if (block.getInt(CRC_AT) != crc) {
      throw new BlockDamagedException(
          id, "its CRC is %08X, not %08X".formatted(block.getInt(CRC_AT), crc));
    }
    if (block.getInt(OWNER_AT) != owner) {
      throw new BlockDamagedException(
          id, "its owner is %08X, not %08X".formatted(block.getInt(OWNER_AT), owner));
    }
    return block.slice(0, CONTENT_BYTES).asReadOnlyBuffer();
  }

  private static int crc(ByteBuffer block) {
    CRC32 crc = new CRC32();
    crc.update(block.duplicate().position(0).limit(CRC_AT));
    return (int) crc.getValue();
  }
}
