package io.moiety.broker.index;

import io.moiety.broker.snapshot.ViewFile;
import io.moiety.broker.snapshot.ViewFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes one run, pair by pair in their order, under a name that says that it is not finished.
 * Confined to the view thread, which writes one at a time.
 */
final class RunWriter implements Closeable {
  private static final int BLOCKS_PER_WRITE = 16;

  private final ViewFiles files;
  private final ViewFile file;
  private final long firstPosition;
  private final long endPosition;
  private final ByteBuffer blocks = ByteBuffer.allocate(BLOCKS_PER_WRITE * RunFormat.BLOCK_BYTES);
  private long[] fences = new long[128];
  private int blockCount;
  private int pairsInBlock;
  private long pairs;
  private long written;

  private RunWriter(ViewFiles files, ViewFile file, long firstPosition, long endPosition) {
    this.files = files;
    this.file = file;
    this.firstPosition = firstPosition;
    this.endPosition = endPosition;
  }

  /** Begins anew; what an earlier writer left unfinished is gone. */
  static RunWriter open(ViewFiles files, String name, long firstPosition, long endPosition)
      throws IOException {
    files.delete(name);
    return new RunWriter(files, files.open(name), firstPosition, endPosition);
  }

  void add(long hash, long position) throws IOException {
    if (pairsInBlock == 0) {
      beginBlock(hash, position);
    }
    blocks.putLong(hash).putLong(position);
    pairsInBlock++;
    pairs++;
    if (pairsInBlock == RunFormat.PAIRS_PER_BLOCK) {
      endBlock();
    }
  }

  /** Writes what is left: after this only the force is missing. At least one pair was added. */
  void complete() throws IOException {
    if (pairsInBlock > 0) {
      endBlock();
    }
    flush();
    ByteBuffer end = ByteBuffer.allocate(blockCount * RunFormat.PAIR_BYTES + RunFormat.TAIL_BYTES);
    end.asLongBuffer().put(fences, 0, 2 * blockCount);
    end.position(blockCount * RunFormat.PAIR_BYTES)
        .putInt(RunFormat.MAGIC)
        .putInt(blockCount)
        .putLong(firstPosition)
        .putLong(endPosition)
        .putLong(pairs)
        .putInt(0);
    end.putInt(RunFormat.crc(end.duplicate().flip())).flip();
    file.write(written, end);
  }

  /** Forces the file; its name says what it is from now on. */
  KeyRun publish(String unfinishedName) throws IOException {
    file.force();
    file.close();
    String name = RunFormat.name(firstPosition, endPosition);
    files.rename(unfinishedName, name);
    return KeyRun.open(files, firstPosition, endPosition);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void beginBlock(long hash, long position) throws IOException {
    if (!blocks.hasRemaining()) {
      flush();
    }
    if (fences.length == 2 * blockCount) {
      fences = Arrays.copyOf(fences, 2 * fences.length);
    }
    fences[2 * blockCount] = hash;
    fences[2 * blockCount + 1] = position;
  }

  private void endBlock() {
    int begin = blocks.position() - pairsInBlock * RunFormat.PAIR_BYTES;
    Arrays.fill(blocks.array(), blocks.position(), begin + RunFormat.COUNT_AT, (byte) 0);
    blocks
        .putInt(begin + RunFormat.COUNT_AT, pairsInBlock)
        .putLong(begin + RunFormat.OWNER_AT, firstPosition);
    int crc = RunFormat.crc(blocks.slice(begin, RunFormat.BLOCK_CRC_AT));
    blocks.putInt(begin + RunFormat.BLOCK_CRC_AT, crc).position(begin + RunFormat.BLOCK_BYTES);
    blockCount++;
    pairsInBlock = 0;
  }

  private void flush() throws IOException {
    blocks.flip();
    int length = blocks.remaining();
    file.write(written, blocks);
    written += length;
    blocks.clear();
  }
}
