package io.moiety.broker.registration;

import io.moiety.broker.config.NameServerAddress;
import io.moiety.protocol.Command;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.ResponseCode;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one name server: does what {@link RegistrationPlan} says, and says in the log
 * when it begins and ceases to work. Owner: the registration's event loop.
 */
final class NameServerLink {
  private static final Logger LOG = System.getLogger(NameServerLink.class.getName());

  private final NameServerAddress nameServer;
  private final RegistrationRequests requests;
  private final LongSupplier version;
  private final LongSupplier nowMillis;
  private final EventLoop eventLoop;
  private final RegistrationPlan plan;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private @Nullable Channel channel;
  private @Nullable ScheduledFuture<?> wakeUp;
  private int lastOpaque;
  private boolean ending;

  NameServerLink(
      NameServerAddress nameServer,
      RegistrationRequests requests,
      LongSupplier version,
      LongSupplier nowMillis,
      EventLoop eventLoop) {
    this.nameServer = nameServer;
    this.requests = requests;
    this.version = version;
    this.nowMillis = nowMillis;
    this.eventLoop = eventLoop;
    this.plan = new RegistrationPlan(nowMillis.getAsLong());
  }

  /** Does what is due now, and comes again when more is. */
  void advance() {
    if (ending) {
      return;
    }
    switch (plan.next(nowMillis.getAsLong(), version.getAsLong())) {
      case CONNECT -> connect();
      case REGISTER -> register();
      case GIVE_UP -> lost("no answer within " + RegistrationPlan.ANSWER_TIMEOUT_MILLIS + " ms");
      case WAIT -> {}
    }
    if (wakeUp != null) {
      wakeUp.cancel(false);
    }
    long waitMillis = Math.max(1, plan.dueMillis() - nowMillis.getAsLong());
    wakeUp = eventLoop.schedule(this::advance, waitMillis, TimeUnit.MILLISECONDS);
  }

  private void connect() {
    ChannelFuture connecting =
        new Bootstrap()
            .group(eventLoop)
            .channel(Registration.CHANNEL)
            .handler(new NameServerPipeline(this::answered, this::closed))
            .connect(nameServer.host(), nameServer.port());
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          if (connecting.channel() != channel) {
            return;
          }
          if (done.isSuccess()) {
            plan.connected(nowMillis.getAsLong());
          } else {
            lost(String.valueOf(done.cause().getMessage()));
          }
          advance();
        });
  }

  private void register() {
    Channel connected = channel;
    if (connected != null) {
      send(connected, requests.register(version.getAsLong(), localAddress(connected)));
    }
  }

  private void send(Channel connected, Command request) {
    connected.writeAndFlush(
        Unpooled.wrappedBuffer(FrameCodec.encode(request.withOpaque(++lastOpaque))));
  }

  private static InetSocketAddress localAddress(Channel connected) {
    return (InetSocketAddress) connected.localAddress();
  }

  private void answered(Channel from, Command answer) {
    if (from != channel || answer.opaque() != lastOpaque) {
      return;
    }
    if (ending) {
      from.close();
    } else if (answer.code() != ResponseCode.SUCCESS) {
      lost("it answered " + answer.code() + ", " + answer.remark());
    } else if (plan.answered(nowMillis.getAsLong())) {
      LOG.log(Level.INFO, "Registered with the name server " + nameServer);
    }
    advance();
  }

  private void closed(Channel gone) {
    if (gone == channel) {
      if (ending) {
        ended.complete(null);
      }
      lost("the connection was closed");
      advance();
    }
  }

  private void lost(String why) {
    Channel useless = channel;
    channel = null;
    if (useless != null) {
      useless.close();
    }
    if (plan.lost(nowMillis.getAsLong()) && !ending) {
      LOG.log(
          Level.WARNING,
          "Not registered with the name server "
              + nameServer
              + ", which is tried again: "
              + why
              + "; clients that ask it do not find this broker");
    }
  }

  /** Takes the broker's name back where it is known; the result is complete when that is done. */
  CompletableFuture<Void> end() {
    ending = true;
    if (wakeUp != null) {
      wakeUp.cancel(false);
    }
    Channel connected = channel;
    if (connected != null && connected.isActive()) {
      send(connected, requests.unregister(localAddress(connected)));
    } else {
      ended.complete(null);
    }
    return ended;
  }
}
