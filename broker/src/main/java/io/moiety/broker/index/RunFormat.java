package io.moiety.broker.index;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * The bytes of a run: blocks of sorted pairs, one fence for each block, a tail.
 *
 * <pre>
 *   block, 4,096 bytes                    fence, 16 bytes
 *   0     8  hash         \               0   8  hash      of the block's first pair
 *   8     8  position     / 1 to 255      8   8  position
 *   …                                     tail, 40 bytes
 *   4080  4  pairs in the block           0   4  magic 4D4B4931
 *   4084  8  the run's first position     4   4  blocks
 *   4092  4  CRC-32 of the above          8   8  first position
 *                                         16  8  end position
 *                                         24  8  pairs
 *                                         32  4  0
 *                                         36  4  CRC-32 of fences and tail
 * </pre>
 *
 * All numbers are big-endian. Pairs are in the order of their hashes, those of one hash in the
 * order of their positions. A file is written once, under another name until it is complete and
 * forced.
 */
final class RunFormat {
  static final int MAGIC = 0x4D4B4931;
  static final int PAIR_BYTES = 16;
  static final int BLOCK_BYTES = 4096;
  static final int PAIRS_PER_BLOCK = 255;
  static final int COUNT_AT = PAIRS_PER_BLOCK * PAIR_BYTES;
  static final int OWNER_AT = COUNT_AT + Integer.BYTES;
  static final int BLOCK_CRC_AT = OWNER_AT + Long.BYTES;
  static final int TAIL_BYTES = 40;
  static final int TAIL_CRC_AT = 36;

  static final String PREFIX = "keys-";
  static final String UNFINISHED = PREFIX + "unfinished";

  private RunFormat() {}

  /** The name of the file of a run: it covers the positions from the first to before the end. */
  static String name(long firstPosition, long endPosition) {
    return "%s%020d-%020d".formatted(PREFIX, firstPosition, endPosition);
  }

  static long fileBytes(int blocks) {
    return (long) blocks * (BLOCK_BYTES + PAIR_BYTES) + TAIL_BYTES;
  }

  static int crc(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
