package io.moiety.client;

import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;

/**
 * Connects to the first address that leads to a broker: tries each once, in turn. Its steps follow
 * one another on event loops, so its state needs no lock.
 */
final class Connector {

  /** A connection, and who is at its other end. */
  record Greeted(Connection connection, Command hello, BrokerIdentity broker) {}

  /** What a frame holds besides a body: header, record, properties, topic. */
  private static final int ENVELOPE_BYTES = 256 * 1024;

  private final ClientConfig config;
  private final EventLoops loops;
  private final Command hello;
  private final List<ConnectFailedException.Attempt> attempts = new ArrayList<>();
  private final CompletableFuture<Greeted> result = new CompletableFuture<>();

  private Connector(ClientConfig config, EventLoops loops) {
    this.config = config;
    this.loops = loops;
    hello = Command.request(RequestCode.HELLO, greeting(config));
  }

  private static Fields greeting(ClientConfig config) {
    Fields.Builder fields = Fields.builder().put("clientId", config.clientId());
    config.claim().ifPresent(claim -> fields.put("claim", claim));
    config
        .instance()
        .ifPresent(
            instance -> fields.put("instance", instance.name()).put("epoch", instance.epoch()));
    return fields.build();
  }

  /**
   * Completes on the connection's event loop. Channels are opened on one too: Netty leaves thread
   * locals where it opens one, and on the thread of a server these would keep our class loader.
   */
  static CompletableFuture<Greeted> connect(ClientConfig config, EventLoops loops) {
    Connector connector = new Connector(config, loops);
    try {
      loops.group().execute(connector::tryNext);
    } catch (RejectedExecutionException loopsClosed) {
      connector.result.completeExceptionally(
          new ConnectionLostException("The event loops were closed", false, loopsClosed));
    }
    return connector.result;
  }

  private void tryNext() {
    if (attempts.size() == config.addresses().size()) {
      result.completeExceptionally(new ConnectFailedException(attempts));
      return;
    }
    BrokerAddress address = config.addresses().get(attempts.size());
    ChannelFuture connecting =
        new Bootstrap()
            .group(loops.group())
            .channel(loops.channelType())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(config.connectTimeout().toMillis()))
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    config.tls().ifPresent(tls -> speakTls(channel, tls, address));
                    channel
                        .pipeline()
                        .addLast(new FrameDecoder(config.maxFrameBytes()))
                        .addLast(new FrameEncoder())
                        .addLast(new ConnectionHandler(new Connection(channel, address, config)));
                  }
                })
            .connect(InetSocketAddress.createUnresolved(address.host(), address.port()));
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            greet(connecting.channel().pipeline().get(ConnectionHandler.class).connection());
          } else {
            failed(address, connected.cause());
          }
        });
  }

  /** Requests that are written before the handshake is done wait for its end. */
  private void speakTls(Channel channel, ClientTls tls, BrokerAddress address) {
    SslHandler handler = new SslHandler(tls.newEngine(address));
    handler.setHandshakeTimeoutMillis(config.connectTimeout().toMillis());
    channel.pipeline().addLast(handler);
  }

  private void greet(Connection connection) {
    connection
        .request(
            hello,
            RequestKind.CONTROL,
            config.connectTimeout(),
            AnswerReader.ofSuccess(answer -> identity(answer.fields(), config.maxFrameBytes())))
        .whenComplete(
            (broker, failure) -> {
              if (failure == null) {
                result.complete(new Greeted(connection, hello, broker));
              } else {
                connection.endNow(new ConnectionLostException("No greeting", true, failure));
                failed(connection.address(), explained(failure, connection.address()));
              }
            });
  }

  private void failed(BrokerAddress address, Throwable failure) {
    attempts.add(new ConnectFailedException.Attempt(address, failure));
    tryNext();
  }

  private static BrokerIdentity identity(Fields fields, int maxFrameBytes) {
    long sessionTimeoutMillis = fields.requiredLong("sessionTimeoutMillis");
    if (sessionTimeoutMillis < 1) {
      throw new BadFieldException(
          "sessionTimeoutMillis", Long.toString(sessionTimeoutMillis), "1 and more");
    }
    int maxMessageBytes = fields.requiredInt("maxMessageBytes");
    if (maxMessageBytes < 0 || maxMessageBytes > maxFrameBytes - ENVELOPE_BYTES) {
      throw new BadFieldException(
          "maxMessageBytes",
          Integer.toString(maxMessageBytes),
          "at most "
              + (maxFrameBytes - ENVELOPE_BYTES)
              + " for this client's maxFrameBytes of "
              + maxFrameBytes
              + ", which can be raised");
    }
    return new BrokerIdentity(
        fields.requiredText("storeUuid"),
        fields.requiredText("brokerName"),
        fields.requiredText("brokerVersion"),
        Duration.ofMillis(sessionTimeoutMillis),
        maxMessageBytes);
  }

  private static Throwable explained(Throwable failure, BrokerAddress address) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return new ConnectionLostException(
            "The TLS handshake with the broker at "
                + address
                + " failed: "
                + cause.getMessage()
                + ". Does it speak TLS, and is its certificate for this host and issued by whom the"
                + " client trusts?",
            false,
            failure);
      }
    }
    boolean noMoiety =
        failure instanceof BrokerException refusal
            && refusal.code() == ResponseCode.REQUEST_CODE_NOT_SUPPORTED;
    return noMoiety
        ? new BrokerException(
            ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
            "it does not know Moiety's greeting; what listens there is not a Moiety broker, but most"
                + " likely Apache RocketMQ's broker or name server")
        : failure;
  }
}
