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
  public void read(ByteBuffer target) throws IOException {
    int at = 0;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    int at = 0;
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
