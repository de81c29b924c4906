package io.moiety.client;

import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Cuts the stream into frames. Each is copied once, to the heap; header and body are read where
 * they lie. A length that cannot be is refused before anything is allocated for it.
 *
 * <p>Confined to one event loop; one for each connection.
 */
final class FrameDecoder extends ByteToMessageDecoder {

  private static final int LENGTH_BYTES = 4;

  private final int maxFrameBytes;

  FrameDecoder(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < LENGTH_BYTES) {
      return;
    }
    int frameBytes = in.getInt(in.readerIndex());
    if (frameBytes < LENGTH_BYTES || frameBytes > maxFrameBytes) {
      throw new MalformedFrameException(
          "frame length " + frameBytes + " is not in " + LENGTH_BYTES + ".." + maxFrameBytes);
    }
    if (in.readableBytes() < LENGTH_BYTES + frameBytes) {
      return;
    }
    byte[] frame = new byte[frameBytes];
    in.skipBytes(LENGTH_BYTES).readBytes(frame);
    out.add(FrameCodec.decode(ByteBuffer.wrap(frame)));
  }
}
