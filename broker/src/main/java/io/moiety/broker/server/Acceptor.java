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

  /** Of what clients may make the broker hold, what frames in parts may be. */
  private static final int FRAMES_SHARE = 2;

  /** The same of connections of which no request was let in yet. */
  private static final int NEWCOMERS_SHARE = 8;

  private static final int LENGTH_BYTES = 4;

  private final NetworkConfig config;
  private final ChannelGroup connections;
  private final InFlightBytes inFlightBytes;
  private final OutgoingBytes outgoingBytes;
  private final AtomicLong lastConnectionId = new AtomicLong();
  private final Security security;
  private final PartialFrames newcomersFrames;
  private final PartialFrames frames;
  private final ConnectionLogs logs = ConnectionLogs.to(System.getLogger(Acceptor.class.getName()));
  private volatile @Nullable Service service;

  /** Where requests go. */
  private record Service(RequestRouter router, LoopTurn turn) {}

  Acceptor(NetworkConfig config, Security security, ChannelGroup connections) {
    this.config = config;
    this.security = security;
    this.connections = connections;
    this.inFlightBytes = new InFlightBytes(config.limits().maxInFlightBytes());
    this.newcomersFrames = partialFrames(NEWCOMERS_SHARE);
    this.frames = partialFrames(FRAMES_SHARE);
    this.outgoingBytes =
        new OutgoingBytes(
            config.limits().maxInFlightBytesPerConnection(), config.limits().maxInFlightBytes());
  }

  /** Room for the largest frame at least. */
  private PartialFrames partialFrames(int share) {
    return new PartialFrames(
        Math.max(
            (long) LENGTH_BYTES + config.maxFrameBytes(),
            config.limits().maxInFlightBytes() / share),
        inFlightBytes);
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
      logs.limits()
          .warn(
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
            lastConnectionId.incrementAndGet(), channel, inFlight, outgoingBytes, logs.limits());
    Gate gate = new Gate(security.access(), connection);
    channel.closeFuture().addListener(closed -> connection.closed());
    channel
        .pipeline()
        .addLast(new FirstByteHandler(security.tls(), handshakeTimeoutMillis(), logs.faults()))
        .addLast(new FlushConsolidationHandler(FLUSH_AFTER_ANSWERS, true))
        .addLast(
            new FrameDecoder(
                config.maxFrameBytes(),
                () -> gate.hasLetIn() ? frames : newcomersFrames,
                connection::shut))
        // Behind the decoder: whole frames are signs of life, bytes that come one by one are none.
        .addLast(new IdleStateHandler(config.idleTimeoutMillis(), 0, 0, TimeUnit.MILLISECONDS))
        .addLast(
            new ConnectionHandler(
                connection, served.router(), served.turn(), gate, config.maxFrameBytes(), logs));
  }

  private long handshakeTimeoutMillis() {
    return Math.min(MAX_HANDSHAKE_MILLIS, config.idleTimeoutMillis());
  }
}
