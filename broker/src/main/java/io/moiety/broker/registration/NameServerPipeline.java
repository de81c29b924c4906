package io.moiety.broker.registration;

import io.moiety.protocol.Command;
import io.moiety.protocol.FrameCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Reads what a name server answers. Owner: the registration's event loop. */
final class NameServerPipeline extends ChannelInitializer<Channel> {
  private static final Logger LOG = System.getLogger(NameServerPipeline.class.getName());

  /** An answer has a list of ordered topics at most. */
  private static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;

  private final BiConsumer<Channel, Command> answered;
  private final Consumer<Channel> closed;

  NameServerPipeline(BiConsumer<Channel, Command> answered, Consumer<Channel> closed) {
    this.answered = answered;
    this.closed = closed;
  }

  @Override
  protected void initChannel(Channel channel) {
    int lengthBytes = FrameCodec.LENGTH_FIELD_BYTES;
    channel
        .pipeline()
        .addLast(new LengthFieldBasedFrameDecoder(MAX_ANSWER_BYTES, 0, lengthBytes, 0, lengthBytes))
        .addLast(new Answers());
  }

  /** Passes answers on; what a name server asks on its own is of no use to a lone master. */
  private final class Answers extends SimpleChannelInboundHandler<ByteBuf> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
      Command command = FrameCodec.decode(ByteBuffer.wrap(ByteBufUtil.getBytes(frame)));
      if (command.isResponse()) {
        answered.accept(context.channel(), command);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      closed.accept(context.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.log(Level.DEBUG, "The connection to " + context.channel() + " is given up", cause);
      context.close();
    }
  }
}
