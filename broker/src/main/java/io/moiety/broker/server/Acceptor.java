package io.moiety.broker.server;

import io.moiety.broker.config.NetworkConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sets up each new connection, or closes it when there are too many. Called by all event loops. */
final class Acceptor extends ChannelInitializer<Channel> {

  private static final int FLUSH_AFTER_ANSWERS = 64;
  private static final long MAX_HANDSHAKE_MILLIS = 10_000;

  private final NetworkConfig config;
  private final ChannelGroup connections;
  private final InFlightBytes inFlightBytes;
  private final OutgoingBytes outgoingBytes;
  private final AtomicLong lastConnectionId = new AtomicLong();
  private final Security security;
  private final SparseLog refusals = new SparseLog(System.getLogger(Acceptor.class.getName()));
  private volatile @Nullable Service service;

  /** Where requests go. */
  private record Service(RequestRouter router, LoopTurn turn) {}

  Acceptor(NetworkConfig config, Security security, ChannelGroup connections) {
    this.config = config;
    this.security = security;
    this.connections = connections;
    this.inFlightBytes = new InFlightBytes(config.limits().maxInFlightBytes());
    this.outgoingBytes =
        new OutgoingBytes(
            config.limits().maxInFlightBytesPerConnection(), config.limits().maxInFlightBytes());
  }

  /** Where the requests of connections that are accepted from now on go. */
  void routeTo(RequestRouter router, LoopTurn turn) {
    service = new Service(router, turn);
  }

  @Override
  protected void initChannel(Channel channel) {
    Service served = service;
    if (served == null) {
      channel.close();
      return;
    }
    connections.add(channel);
    int limit = config.limits().maxConnections();
    if (connections.size() > limit) {
      refusals.warn(
          () ->
              "A connection from "
                  + channel.remoteAddress()
                  + " is closed at once: there are "
                  + limit
                  + ", which is the limit (maxConnections)");
      channel.close();
      return;
    }
    InFlight inFlight = new InFlight(config.limits(), inFlightBytes);
    ChannelConnection connection =
        new ChannelConnection(
            lastConnectionId.incrementAndGet(), channel, inFlight, outgoingBytes, refusals);
    channel.closeFuture().addListener(closed -> connection.closed());
    channel
        .pipeline()
        .addLast(new FirstByteHandler(security.tls(), handshakeTimeoutMillis(), refusals))
        .addLast(new FlushConsolidationHandler(FLUSH_AFTER_ANSWERS, true))
        .addLast(new FrameDecoder(config.maxFrameBytes(), inFlightBytes))
        // Behind the decoder: whole frames are signs of life, bytes that come one by one are none.
        .addLast(new IdleStateHandler(config.idleTimeoutMillis(), 0, 0, TimeUnit.MILLISECONDS))
        .addLast(
            new ConnectionHandler(
                connection,
                served.router(),
                served.turn(),
                new Gate(security.access(), connection),
                config.maxFrameBytes(),
                refusals));
  }

  private long handshakeTimeoutMillis() {
    return Math.min(MAX_HANDSHAKE_MILLIS, config.idleTimeoutMillis());
  }
}
