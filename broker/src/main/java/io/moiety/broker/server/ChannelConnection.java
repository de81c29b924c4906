package io.moiety.broker.server;

import io.moiety.protocol.Command;
import io.moiety.protocol.FrameCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection over a Netty channel. */
final class ChannelConnection implements Connection {

  private final long id;
  private final Channel channel;
  private final InetSocketAddress remoteAddress;
  private final InetSocketAddress localAddress;
  private final InFlight inFlight;
  private final Outgoing outgoing;
  private final SparseLog log;

  /** Owner: the event loop. */
  private final ClientCalls calls = new ClientCalls();

  private volatile boolean retired;
  private volatile @Nullable String clientId;
  private volatile ClientRelease release = ClientRelease.UNKNOWN;

  /** The channel is connected. */
  ChannelConnection(
      long id, Channel channel, InFlight inFlight, OutgoingBytes outgoingBytes, SparseLog log) {
    this.id = id;
    this.channel = channel;
    this.inFlight = inFlight;
    this.log = log;
    this.outgoing = outgoingBytes.open(this::shut);
    this.remoteAddress = (InetSocketAddress) channel.remoteAddress();
    this.localAddress = (InetSocketAddress) channel.localAddress();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public Optional<String> clientId() {
    return Optional.ofNullable(clientId);
  }

  @Override
  public ClientRelease release() {
    return release;
  }

  @Override
  public void identify(String name, ClientRelease newRelease) {
    clientId = name;
    release = newRelease;
  }

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void retire() {
    retired = true;
    channel.close();
  }

  @Override
  public boolean isRetired() {
    return retired;
  }

  @Override
  public boolean notify(Command oneway) {
    boolean takes = channel.isActive() && channel.isWritable();
    if (takes) {
      write(oneway);
    }
    return takes;
  }

  @Override
  public void call(
      ClientCalls.Kind kind, Command request, long timeoutMillis, ClientAnswer answer) {
    try {
      channel.eventLoop().execute(() -> callNow(kind, request, timeoutMillis, answer));
    } catch (RejectedExecutionException stopped) {
      answer.gone();
    }
  }

  /** A call that is begun when the channel closes is ended by {@link #closed}. */
  private void callNow(
      ClientCalls.Kind kind, Command request, long timeoutMillis, ClientAnswer answer) {
    if (!channel.isActive()) {
      answer.gone();
      return;
    }
    OptionalInt opaque = channel.isWritable() ? calls.begin(kind, answer) : OptionalInt.empty();
    if (opaque.isEmpty()) {
      answer.late("the client has not worked off earlier requests");
      return;
    }
    write(request.withOpaque(opaque.getAsInt()));
    ScheduledFuture<?> unused =
        channel
            .eventLoop()
            .schedule(
                () -> calls.expired(opaque.getAsInt(), timeoutMillis),
                timeoutMillis,
                TimeUnit.MILLISECONDS);
  }

  /** The client answered a request; false when nobody waits for it. On the event loop. */
  boolean answered(Command response) {
    return calls.answered(response);
  }

  @Override
  public void onClose(Runnable action) {
    channel.closeFuture().addListener(closed -> action.run());
  }

  @Override
  public void close() {
    channel.close();
  }

  /** Closes when what was written before has gone out; nothing more is read. */
  void closeAfterAnswers() {
    channel.config().setAutoRead(false);
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** What waits for an answer. */
  InFlight inFlight() {
    return inFlight;
  }

  /** Closes a connection that holds too much of the broker; any thread. */
  void shut(String why) {
    log.warn(() -> this + " is not served any longer: " + why + "; its connection is closed");
    channel.close();
  }

  /** The channel is closed: nothing waits for anything any more. On the event loop. */
  void closed() {
    calls.closed();
    inFlight.close();
    outgoing.close();
  }

  /** Head and body in one gathering write; a write to a closed channel is lost with it. */
  void write(Command command) {
    ByteBuffer body = command.body();
    ByteBuffer head = FrameCodec.encodeHead(command, body.remaining());
    int frameBytes = head.remaining() + body.remaining();
    if (outgoing.add(frameBytes)) {
      ByteBuf frame =
          body.hasRemaining() ? Unpooled.wrappedBuffer(head, body) : Unpooled.wrappedBuffer(head);
      channel.writeAndFlush(frame).addListener(written -> outgoing.gone(frameBytes));
    }
  }

  @Override
  public String toString() {
    String name = clientId;
    return (name == null ? "" : name + " at ") + remoteAddress;
  }
}
