package io.moiety.broker.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * The bytes of one file, twice: as written (what the page cache shows) and as forced (what the disk
 * is sure to hold). A power cut leaves the forced ones and, sector by sector, some of the written.
 */
final class SimulatedFile {

  static final int SECTOR_BYTES = 512;

  private byte[] written;
  private byte[] forced;

  SimulatedFile(int sizeBytes) {
    written = new byte[sizeBytes];
    forced = new byte[sizeBytes];
  }

  int sizeBytes() {
    return written.length;
  }

  void extend(int sizeBytes) {
    written = Arrays.copyOf(written, sizeBytes);
    forced = Arrays.copyOf(forced, sizeBytes);
  }

  void write(int index, ByteBuffer source, int sizeBytes) {
    source.get(written, index, sizeBytes);
  }

  void read(int index, ByteBuffer target) {
    target.put(written, index, Math.min(target.remaining(), written.length - index));
  }

  void force(int index, int sizeBytes) {
    int from = index / SECTOR_BYTES * SECTOR_BYTES;
    int until = Math.min(written.length, roundUp(index + sizeBytes));
    System.arraycopy(written, from, forced, from, until - from);
  }

  void forceAll() {
    force(0, written.length);
  }

  /**
   * Leaves what a power cut leaves.
   *
   * @param keptPercent how likely an unforced sector reached the disk nevertheless
   */
  void cutPower(Random random, int keptPercent) {
    int torn = random.nextInt(written.length / SECTOR_BYTES + 1);
    for (int sector = 0; sector * SECTOR_BYTES < written.length; sector++) {
      int from = sector * SECTOR_BYTES;
      int sizeBytes = Math.min(SECTOR_BYTES, written.length - from);
      if (random.nextInt(100) < keptPercent) {
        int keptBytes = sector == torn ? random.nextInt(sizeBytes + 1) : sizeBytes;
        System.arraycopy(written, from, forced, from, keptBytes);
      }
    }
    written = forced.clone();
  }

  /** Leaves what was written, but for the first sector that was not forced, if there is one. */
  void cutPowerLosingOneSector() {
    int different = Arrays.mismatch(written, forced);
    if (different >= 0) {
      int from = different / SECTOR_BYTES * SECTOR_BYTES;
      System.arraycopy(forced, from, written, from, SECTOR_BYTES);
      forced = written.clone();
    }
  }

  /** The disk has altered a bit, for whoever reads it. */
  void flip(int index, int bit) {
    written[index] ^= (byte) (1 << bit);
    forced[index] ^= (byte) (1 << bit);
  }

  /** The bytes as a program sees them, to be altered. */
  byte[] bytes() {
    return written;
  }

  private static int roundUp(int index) {
    return (index + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
  }
}
