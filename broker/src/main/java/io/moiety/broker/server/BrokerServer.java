package io.moiety.broker.server;

import io.moiety.broker.config.NetworkConfig;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * One listening port and its connections. {@link #bind} takes the port, so that its number is known
 * and a port in use is found before anything else is started; {@link #serve} begins to accept.
 *
 * <p>Thread-safe. A few event loops carry all connections; with epoll where there is one.
 */
public final class BrokerServer implements AutoCloseable {

  private static final int BACKLOG = 1024;
  private static final long CLOSE_TIMEOUT_SECONDS = 5;

  /** What may wait to be written to one client before the broker stops reading from it. */
  private static final WriteBufferWaterMark WRITE_BUFFER =
      new WriteBufferWaterMark(1 << 20, 4 << 20);

  private final EventLoopGroup eventLoops;
  private final ChannelGroup connections;
  private final Acceptor acceptor;
  private final Channel listener;

  private BrokerServer(
      EventLoopGroup eventLoops, ChannelGroup connections, Acceptor acceptor, Channel listener) {
    this.eventLoops = eventLoops;
    this.connections = connections;
    this.acceptor = acceptor;
    this.listener = listener;
  }

  /**
   * Takes the port; connections wait to be accepted until {@link #serve}.
   *
   * @throws ServerStartException when the port or the address cannot be had
   */
  public static BrokerServer bind(NetworkConfig config, Security security) {
    EventLoopGroup eventLoops =
        new MultiThreadIoEventLoopGroup(
            config.eventLoops(),
            new DefaultThreadFactory("moiety-broker-io", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    ChannelGroup connections = new DefaultChannelGroup(eventLoops.next(), true);
    Acceptor acceptor = new Acceptor(config, security, connections);
    ChannelFuture bound = bind(config, eventLoops, acceptor).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stop(eventLoops);
      throw new ServerStartException(
          "cannot listen on "
              + config.bindAddress()
              + ":"
              + config.listenPort()
              + " ("
              + bound.cause().getMessage()
              + "); stop what uses the port or set another listenPort"
              + " or bindAddress",
          bound.cause());
    }
    return new BrokerServer(eventLoops, connections, acceptor, bound.channel());
  }

  private static ChannelFuture bind(
      NetworkConfig config, EventLoopGroup eventLoops, Acceptor acceptor) {
    return new ServerBootstrap()
        .group(eventLoops)
        .channel(
            Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
        .childHandler(acceptor)
        .bind(config.bindAddress(), config.listenPort());
  }

  /** Accepts connections from now on; every handler is registered. */
  public void serve(RequestRouter router, LoopTurn turn) {
    acceptor.routeTo(router, turn);
    listener.config().setAutoRead(true);
  }

  /** Where the server listens, with the port that was taken. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Closes the port and all connections and waits, a few seconds at most, for the event loops. */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    stop(eventLoops);
  }

  private static void stop(EventLoopGroup eventLoops) {
    eventLoops
        .shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
