package io.moiety.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that carry connections, to be shared by many clients: each connection is tied to one
 * of them. Uses epoll where there is one, else the JDK's selectors.
 *
 * <p>Thread-safe. Whoever starts it closes it, after the clients that use it.
 */
public final class EventLoops implements AutoCloseable {

  private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

  private final EventLoopGroup group;
  private final Class<? extends SocketChannel> channelType;

  private EventLoops(EventLoopGroup group, Class<? extends SocketChannel> channelType) {
    this.group = group;
    this.channelType = channelType;
  }

  /** Starts daemon threads named {@code moiety-client-…}. */
  public static EventLoops start(int threads) {
    return start(threads, new DefaultThreadFactory("moiety-client", true));
  }

  /** Starts threads made by the factory, at the first connections. */
  public static EventLoops start(int threads, ThreadFactory threadFactory) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(threads, threadFactory, io),
        epoll ? EpollSocketChannel.class : NioSocketChannel.class);
  }

  EventLoopGroup group() {
    return group;
  }

  Class<? extends SocketChannel> channelType() {
    return channelType;
  }

  /**
   * Ends the threads, and with them every connection that they still carry. Waits until they are
   * gone, unless called on one of them.
   */
  @Override
  public void close() {
    group.shutdownGracefully(0, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    if (onOneOfThem()) {
      return;
    }
    try {
      group.terminationFuture().await(CLOSE_TIMEOUT_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean onOneOfThem() {
    for (var executor : group) {
      if (executor.inEventLoop()) {
        return true;
      }
    }
    return false;
  }
}
