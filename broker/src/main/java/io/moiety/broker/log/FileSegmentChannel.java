package io.moiety.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A segment's file, read and written by position. */
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
    int at = index;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  @Override
  public void write(int index, ByteBuffer source) throws IOException {
    int at = index;
    while (source.hasRemaining()) {
      at += channel.write(source, at);
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
