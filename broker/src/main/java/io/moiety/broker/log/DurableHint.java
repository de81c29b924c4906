package io.moiety.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Remembers up to where the log was forced, so that recovery can tell lost bytes (damage) from
 * bytes that were never promised (the torn tail of a crash), and need not read what is known good.
 *
 * <p>It is written after every force and itself forced only when a segment is complete: a crash may
 * leave an older hint, never one that promises too much and never one older than the last roll.
 * Losing it makes the next start read the whole log, nothing else.
 *
 * <p>Two slots are written in turn, so that a write that is cut off leaves the one before it. Each:
 *
 * <pre>
 *  0  8  magic
 *  8  8  durable position
 * 16  8  greatest store timestamp, in milliseconds
 * 24  4  CRC-32 of bytes 0 to 23
 * </pre>
 *
 * Owned by the recovery thread, then by the flush thread.
 */
final class DurableHint implements Closeable {

  /**
   * @param position everything before it was forced
   * @param storeTimestampMillis no record before it has a later one
   */
  record Value(long position, long storeTimestampMillis) {}

  private static final long MAGIC = 0x4D6F696574794831L;
  private static final int CHECKED_BYTES = 24;
  private static final int SLOT_BYTES = CHECKED_BYTES + Integer.BYTES;

  /** Each in a sector of its own. */
  private static final int SLOT_DISTANCE_BYTES = 4096;

  private final HintFile file;
  private final ByteBuffer buffer = ByteBuffer.allocate(SLOT_BYTES);
  private int nextSlot;

  DurableHint(HintFile file) {
    this.file = file;
  }

  /** What was last written; empty when there is nothing, or nothing whole. */
  Optional<Value> read() throws IOException {
    Optional<Value> first = read(0);
    Optional<Value> second = read(1);
    boolean firstIsLatest =
        second.isEmpty() || (first.isPresent() && first.get().position() > second.get().position());
    nextSlot = firstIsLatest ? 1 : 0;
    return firstIsLatest ? first : second;
  }

  private Optional<Value> read(int slot) throws IOException {
    buffer.clear();
    file.read(slot * SLOT_DISTANCE_BYTES, buffer);
    if (buffer.hasRemaining()
        || buffer.getLong(0) != MAGIC
        || buffer.getInt(CHECKED_BYTES) != checksum()) {
      return Optional.empty();
    }
    return Optional.of(new Value(buffer.getLong(8), buffer.getLong(16)));
  }

  void write(Value value) throws IOException {
    buffer.clear();
    buffer.putLong(MAGIC).putLong(value.position()).putLong(value.storeTimestampMillis());
    buffer.putInt(checksum());
    file.write(nextSlot * SLOT_DISTANCE_BYTES, buffer.flip());
    nextSlot = 1 - nextSlot;
  }

  void force() throws IOException {
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private int checksum() {
    CRC32 crc = new CRC32();
    crc.update(buffer.array(), 0, CHECKED_BYTES);
    return (int) crc.getValue();
  }
}
