package io.moiety.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The durable hint's file. */
final class ChannelHintFile implements HintFile {

  private final PositionedFile file;

  ChannelHintFile(FileChannel channel) {
    this.file = new PositionedFile(channel);
  }

  @Override
  public void read(int index, ByteBuffer target) throws IOException {
    file.read(index, target);
  }

  @Override
  public void write(int index, ByteBuffer source) throws IOException {
    file.write(index, source);
  }

  @Override
  public void force() throws IOException {
    file.channel().force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
