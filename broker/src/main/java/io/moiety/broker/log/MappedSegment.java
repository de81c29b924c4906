package io.moiety.broker.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * A segment in a memory-mapped file.
 *
 * <p>It only ever copies between the mapping and memory of the heap: when a mapped block cannot be
 * read or written, a copy fails with an {@link InternalError}, while anything that computes over
 * the mapping (a checksum, a file write from it) ends the process.
 *
 * <p>The mapping is left to the garbage collector. Unmapping by hand while one reader is late ends
 * the process too; a mapping that stays a while costs address space, and nothing deletes segments
 * that are in use yet.
 */
final class MappedSegment implements Segment {

  private final SegmentSpan span;
  private final MappedByteBuffer mapping;

  MappedSegment(SegmentSpan span, MappedByteBuffer mapping) {
    this.span = span;
    this.mapping = mapping;
  }

  @Override
  public SegmentSpan span() {
    return span;
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
}
