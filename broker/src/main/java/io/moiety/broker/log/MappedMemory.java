package io.moiety.broker.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * A memory-mapped file.
 *
 * <p>It only ever copies between the mapping and memory of the heap: when a mapped block cannot be
 * read or written, a copy fails with an {@link InternalError}, while anything that computes over
 * the mapping (a checksum, a file write from it) ends the process.
 */
final class MappedMemory implements SegmentMemory {

  /** The root buffer: no slice of it exists, so that nothing outlives its unmapping. */
  private final MappedByteBuffer mapping;

  MappedMemory(MappedByteBuffer mapping) {
    this.mapping = mapping;
  }

  @Override
  public void write(int index, ByteBuffer source) throws IOException {
    try {
      mapping.put(index, source, source.position(), source.remaining());
    } catch (InternalError vanishedBlock) {
      throw new IOException("cannot write to the mapped segment at byte " + index, vanishedBlock);
    }
  }

  @Override
  public void read(int index, ByteBuffer target) throws IOException {
    try {
      target.put(target.position(), mapping, index, target.remaining());
      target.position(target.limit());
    } catch (InternalError vanishedBlock) {
      throw new IOException("cannot read the mapped segment at byte " + index, vanishedBlock);
    }
  }

  @Override
  public void force(int index, int sizeBytes) throws IOException {
    try {
      mapping.force(index, sizeBytes);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() {
    Unmapper.unmap(mapping);
  }
}
