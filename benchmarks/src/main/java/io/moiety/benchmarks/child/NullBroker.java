package io.moiety.benchmarks.child;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.BrokerBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.RouteBody;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Answers every send with a valid answer and stores nothing: what a client reaches with it is the
 * most that it can reach with any broker on this machine. Of a send it reads the request's code and
 * number only.
 */
public final class NullBroker {

  private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;
  private static final int HEADER_AT = 4;
  private static final int HEADER_LENGTH_MASK = 0xFF_FFFF;
  private static final byte[] SEND =
      ("\"code\":" + RequestCode.SEND_MESSAGE_V2 + ",").getBytes(US_ASCII);
  private static final byte[] OPAQUE = "\"opaque\":".getBytes(US_ASCII);
  private static final String ANSWER =
      "{\"code\":0,\"extFields\":{\"queueId\":\"0\",\"queueOffset\":\"1\","
          + "\"msgId\":\"7F00000100002A9F0000000000000000\",\"MSG_REGION\":\"DefaultRegion\","
          + "\"TRACE_ON\":\"true\"},\"flag\":1,\"language\":\"JAVA\",\"version\":513,\"opaque\":";

  private NullBroker() {}

  /** With {@code port} on the loopback address; runs until it is killed. */
  public static void main(String[] texts) {
    int port = Arguments.parse(texts).number("port");
    boolean epoll = Epoll.isAvailable();
    Channel listener =
        new ServerBootstrap()
            .group(
                new MultiThreadIoEventLoopGroup(
                    2, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory()))
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new FlushConsolidationHandler(64, true))
                        .addLast(new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4))
                        .addLast(new Answers(port));
                  }
                })
            .bind("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
    new Announcer(System.out).tell(Announcer.READY);
    listener.closeFuture().syncUninterruptibly();
  }

  /** Owner: the connection's event loop. */
  private static final class Answers extends SimpleChannelInboundHandler<ByteBuf> {

    private final int port;

    Answers(int port) {
      this.port = port;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
      int headerBytes = frame.getInt(frame.readerIndex()) & HEADER_LENGTH_MASK;
      byte[] header = new byte[headerBytes];
      frame.getBytes(frame.readerIndex() + HEADER_AT, header);
      if (indexOf(header, SEND) >= 0) {
        context.writeAndFlush(answer(context, number(header, indexOf(header, OPAQUE))));
        return;
      }
      byte[] bytes = new byte[frame.readableBytes()];
      frame.readBytes(bytes);
      Command request = FrameCodec.decode(ByteBuffer.wrap(bytes));
      if (!request.isOneway() && !request.isResponse()) {
        context.writeAndFlush(Unpooled.wrappedBuffer(FrameCodec.encode(other(request))));
      }
    }

    private static ByteBuf answer(ChannelHandlerContext context, String opaque) {
      int headerBytes = ANSWER.length() + opaque.length() + 1;
      ByteBuf answer = context.alloc().ioBuffer(8 + headerBytes);
      answer.writeInt(HEADER_AT + headerBytes).writeInt(headerBytes);
      answer.writeCharSequence(ANSWER, US_ASCII);
      answer.writeCharSequence(opaque, US_ASCII);
      return answer.writeByte('}');
    }

    private Command other(Command request) {
      if (request.code() != RequestCode.GET_ROUTEINFO_BY_TOPIC) {
        return Command.response(request, ResponseCode.SUCCESS, null, Fields.empty());
      }
      RouteBody route =
          RouteBody.of(
              List.of(BrokerBody.master("DefaultCluster", "null", "127.0.0.1:" + port)),
              List.of(
                  new RouteBody.QueueData(
                      "null", RouteBody.PERM_READ | RouteBody.PERM_WRITE, 4, 0, 4)));
      return Command.response(
          request, ResponseCode.SUCCESS, null, Fields.empty(), JsonBodies.write(route));
    }

    private static int indexOf(byte[] text, byte[] wanted) {
      for (int at = 0; at <= text.length - wanted.length; at++) {
        int same = 0;
        while (same < wanted.length && text[at + same] == wanted[same]) {
          same++;
        }
        if (same == wanted.length) {
          return at;
        }
      }
      return -1;
    }

    private static String number(byte[] header, int nameAt) {
      int from = nameAt + OPAQUE.length;
      int to = from;
      while (to < header.length && (header[to] == '-' || Character.isDigit(header[to]))) {
        to++;
      }
      return new String(header, from, to - from, US_ASCII);
    }
  }
}
