package io.moiety.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A segment's file as memory that can be forced: what appends, hot reads and the flush thread use.
 * What recovery and the allocator do to the file, and cold reads, go through a {@link
 * SegmentChannel} instead.
 *
 * <p>One thread writes; any thread reads bytes that were published to it after they were written;
 * one thread forces. None of them does so any more when it is closed: {@link Leased} sees to that.
 */
interface SegmentMemory extends Closeable {

  /** Copies the remaining bytes of {@code source} to {@code index}. Never blocks on the disk. */
  void write(int index, ByteBuffer source) throws IOException;

  /** Fills the remaining bytes of {@code target} from {@code index}. */
  void read(int index, ByteBuffer target) throws IOException;

  /** When this returns, the bytes from {@code index} on are on the disk. */
  void force(int index, int sizeBytes) throws IOException;
}
