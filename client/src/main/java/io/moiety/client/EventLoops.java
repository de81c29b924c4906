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
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
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

  /** Our own that were started, to be waited for. */
  private final List<Thread> threads;

  private EventLoops(
      EventLoopGroup group, Class<? extends SocketChannel> channelType, List<Thread> threads) {
    this.group = group;
    this.channelType = channelType;
    this.threads = threads;
  }

  /** Uses daemon threads named {@code moiety-client-…}. */
  public static EventLoops start(int threads) {
    return start(threads, new DefaultThreadFactory("moiety-client", true));
  }

  /** Uses threads made by the factory, each when the first connection needs it. */
  public static EventLoops start(int threads, ThreadFactory threadFactory) {
    List<Thread> started = new CopyOnWriteArrayList<>();
    return start(
        threads,
        task -> {
          Thread thread = threadFactory.newThread(task);
          started.add(thread);
          thread.start();
        },
        started);
  }

  /**
   * Starts the threads now. A thread keeps what it inherits from who starts it for as long as it
   * lives, which is best not some caller's that happens to open the first connection.
   */
  public void startThreads() {
    for (EventExecutor loop : group) {
      loop.execute(() -> {});
    }
  }

  /**
   * Uses threads of others, such as a work manager's: each is one task, executed when the first
   * connection needs it, that runs until {@link #close}.
   */
  public static EventLoops startOn(Executor executor, int threads) {
    return start(threads, executor, List.of());
  }

  private static EventLoops start(int threads, Executor executor, List<Thread> started) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(threads, executor, io),
        epoll ? EpollSocketChannel.class : NioSocketChannel.class,
        started);
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
    if (calledOnOneOfThem()) {
      return;
    }
    try {
      group.terminationFuture().await(CLOSE_TIMEOUT_MILLIS);
      for (Thread thread : threads) {
        thread.join(CLOSE_TIMEOUT_MILLIS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean calledOnOneOfThem() {
    for (EventExecutor loop : group) {
      if (loop.inEventLoop()) {
        return true;
      }
    }
    return false;
  }
}
