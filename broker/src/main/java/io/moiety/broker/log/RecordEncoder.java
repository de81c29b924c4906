package io.moiety.broker.log;

import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import java.nio.ByteBuffer;

/**
 * Encodes records in memory of the heap, from where they are copied to the mapping: a checksum must
 * never be computed over a mapping (see {@link MappedMemory}). Owned by the store turn.
 */
final class RecordEncoder {

  /** Larger records get a buffer of their own, so that one of them does not stay for ever. */
  private static final int KEPT_BYTES = 256 * 1024;

  private ByteBuffer kept = ByteBuffer.allocate(4096);

  /** The record's bytes, good until the next call. */
  ByteBuffer encode(RecordDraft draft, int sizeBytes, long position, long storeTimestampMillis) {
    ByteBuffer buffer = bufferFor(sizeBytes);
    RecordLayout.write(draft, position, storeTimestampMillis, buffer);
    return buffer.flip();
  }

  private ByteBuffer bufferFor(int sizeBytes) {
    if (sizeBytes > KEPT_BYTES) {
      return ByteBuffer.allocate(sizeBytes);
    }
    if (kept.capacity() < sizeBytes) {
      kept = ByteBuffer.allocate(Math.min(KEPT_BYTES, 2 * sizeBytes));
    }
    return kept.clear();
  }
}
