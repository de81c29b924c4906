package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.FrameCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes frames. A body on the heap is copied once, together with its header, into the pooled
 * buffer that the operating system reads from; a direct one is not copied.
 *
 * <p>Confined to one event loop; one for each connection.
 */
final class FrameEncoder extends MessageToMessageEncoder<Command> {

  FrameEncoder() {
    super(Command.class);
  }

  @Override
  protected void encode(ChannelHandlerContext context, Command command, List<Object> out) {
    ByteBuffer body = command.body();
    int bodyBytes = body.remaining();
    ByteBuffer head = FrameCodec.encodeHead(command, bodyBytes);
    if (body.isDirect()) {
      ByteBuf headBuffer = context.alloc().ioBuffer(head.remaining()).writeBytes(head);
      out.add(
          context
              .alloc()
              .compositeDirectBuffer(2)
              .addComponents(true, headBuffer, Unpooled.wrappedBuffer(body)));
    } else {
      out.add(
          context.alloc().ioBuffer(head.remaining() + bodyBytes).writeBytes(head).writeBytes(body));
    }
  }
}
