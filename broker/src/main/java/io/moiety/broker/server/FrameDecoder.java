package io.moiety.broker.server;

import io.moiety.protocol.Command;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into frames:
 *
 * <pre>
 *   0       4                      8            8+n
 *   +-------+------+---------------+------------+------+
 *   | bytes | type | n (24 bits)   | header     | body |
 *   | after | 0, 1 |               |            |      |
 *   +-------+------+---------------+------------+------+
 * </pre>
 *
 * <p>Nothing is allocated by a length before the bytes are there, and none of more than the largest
 * frame is kept: of a larger one the header is read, so that its sender can be told, and the body
 * is skipped. What has come of a frame that is not whole counts as held, in {@link PartialFrames};
 * when there is no room, the frame is given up. Owner: the connection's event loop.
 */
final class FrameDecoder extends ByteToMessageDecoder {

  private static final int LENGTH_BYTES = 4;
  private static final int HEADER_LENGTH_BYTES = 4;
  private static final int HEADER_LENGTH_MASK = 0xFF_FFFF;

  /** The longest that mean something have a quarter of it: 32,767 bytes of properties in JSON. */
  private static final int MAX_HEADER_BYTES = 1024 * 1024;

  private final int maxFrameBytes;
  private final Supplier<PartialFrames> partialFrames;
  private final Consumer<String> shut;
  private PartialFrames.@Nullable Part part;
  private int bytesToSkip;
  private boolean outOfStep;
  private boolean waiting;

  /**
   * A decoder of one connection.
   *
   * @param partialFrames where a frame that begins now is held until it is whole
   * @param shut closes the connection, told why; any thread
   */
  FrameDecoder(int maxFrameBytes, Supplier<PartialFrames> partialFrames, Consumer<String> shut) {
    this.maxFrameBytes = maxFrameBytes;
    this.partialFrames = partialFrames;
    this.shut = shut;
  }

  /**
   * Of frames that came together, those wait whose client does not take the answers to the ones
   * before: not to be kept busy by one client, and not to make more answers than it takes.
   */
  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (outOfStep) {
      in.skipBytes(in.readableBytes());
    } else if (!context.channel().isWritable()) {
      waiting = true;
    } else if (bytesToSkip > 0) {
      skip(in);
    } else {
      outOfStep = true;
      cut(in, out);
      outOfStep = false;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.fireChannelWritabilityChanged();
    if (waiting && context.channel().isWritable()) {
      waiting = false;
      // Later, since this may be told in the middle of a write; others have their turn before.
      context.executor().execute(() -> goOn(context));
    }
  }

  private void goOn(ChannelHandlerContext context) {
    if (!context.isRemoved()) {
      try {
        channelRead(context, Unpooled.EMPTY_BUFFER);
        channelReadComplete(context);
      } catch (Exception failure) {
        // As for every other read; broad, since that is what the method says.
        context.fireExceptionCaught(failure);
      }
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    letGo();
  }

  /** An exception from here leaves the decoder out of step: what follows cannot be told apart. */
  private void cut(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < LENGTH_BYTES + HEADER_LENGTH_BYTES) {
      return;
    }
    int frameBytes = in.getInt(in.readerIndex());
    int headerBytes = in.getInt(in.readerIndex() + LENGTH_BYTES) & HEADER_LENGTH_MASK;
    checkLengths(frameBytes, headerBytes);
    boolean oversize = frameBytes > maxFrameBytes;
    int neededBytes = oversize ? HEADER_LENGTH_BYTES + headerBytes : frameBytes;
    if (in.readableBytes() < LENGTH_BYTES + neededBytes) {
      if (!hold(in.readableBytes())) {
        refuse(in, frameBytes, headerBytes, out);
      }
      return;
    }
    letGo();
    in.skipBytes(LENGTH_BYTES);
    Command command = take(in, neededBytes);
    if (oversize) {
      bytesToSkip = frameBytes - neededBytes;
      out.add(new Inbound.Oversize(command, frameBytes));
    } else {
      out.add(new Inbound.Frame(command, neededBytes));
    }
  }

  /** False when there is no room for more. */
  private boolean hold(int bytes) {
    long nowMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    PartialFrames.Part begun = part;
    if (begun == null) {
      begun = partialFrames.get().begin(shut, nowMillis);
      part = begun;
    }
    return begun.grow(bytes, nowMillis);
  }

  private void letGo() {
    PartialFrames.Part begun = part;
    if (begun != null) {
      begun.end();
      part = null;
    }
  }

  /** What has come of the frame is dropped, and what is to come; its sender is told if possible. */
  private void refuse(ByteBuf in, int frameBytes, int headerBytes, List<Object> out) {
    letGo();
    long heldBytes = partialFrames.get().held();
    int headBytes = HEADER_LENGTH_BYTES + headerBytes;
    if (in.readableBytes() < LENGTH_BYTES + headBytes) {
      throw new MalformedFrameException(
          "a header of "
              + headerBytes
              + " bytes comes in parts, and there is no room for it (maxInFlightBytes) while other"
              + " parts of frames hold "
              + heldBytes
              + " bytes");
    }
    in.skipBytes(LENGTH_BYTES);
    out.add(new Inbound.Unheld(take(in, headBytes), frameBytes, heldBytes));
    bytesToSkip = frameBytes - headBytes;
  }

  private void skip(ByteBuf in) {
    int skipped = Math.min(bytesToSkip, in.readableBytes());
    in.skipBytes(skipped);
    bytesToSkip -= skipped;
  }

  private void checkLengths(int frameBytes, int headerBytes) {
    if (frameBytes < HEADER_LENGTH_BYTES || headerBytes > frameBytes - HEADER_LENGTH_BYTES) {
      throw new MalformedFrameException(
          "a frame of " + frameBytes + " bytes cannot hold a header of " + headerBytes);
    }
    int allowed = Math.min(MAX_HEADER_BYTES, maxFrameBytes - HEADER_LENGTH_BYTES);
    if (headerBytes > allowed) {
      throw new MalformedFrameException(
          "a header of " + headerBytes + " bytes; " + allowed + " are allowed");
    }
  }

  private static Command take(ByteBuf in, int bytes) {
    byte[] frame = new byte[bytes];
    in.readBytes(frame);
    return FrameCodec.decode(ByteBuffer.wrap(frame));
  }
}
