package io.moiety.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The durable hint's file. */
final class ChannelHintFile implements HintFile {

  private final FileChannel channel;

  ChannelHintFile(FileChannel channel) {
    this.channel = channel;
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
