package io.moiety.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A segment's file, read and written by position.
 *
 * <p>It is written in pieces. The kernel keeps what one call wrote in one piece of its cache, of up
 * to megabytes, and a record in the mapping later makes the whole piece dirty: a force after each
 * record then wrote a thousand times the record (measured with Linux 6.18 and ext4). In pieces of a
 * page it writes the pages that the record touches. But each piece costs a force an interrupt of
 * the other processors, so that larger ones are better where much is forced together.
 */
final class FileSegmentChannel implements SegmentChannel {

  private final SegmentSpan span;
  private final FileChannel channel;

  FileSegmentChannel(SegmentSpan span, FileChannel channel) {
    this.span = span;
    this.channel = channel;
  }

  @Override
  public SegmentSpan span() {
    return span;
  }

  @Override
  public void read(int index, ByteBuffer target) throws IOException {
    new PositionedFile(channel).read(index, target);
  }

  @Override
  public void write(int index, ByteBuffer source, int pieceBytes) throws IOException {
    int end = source.limit();
    int at = index;
    try {
      while (source.position() < end) {
        int restBytes = pieceBytes - at % pieceBytes;
        source.limit(Math.min(end, source.position() + restBytes));
        at += channel.write(source, at);
      }
    } finally {
      source.limit(end);
    }
  }

  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
