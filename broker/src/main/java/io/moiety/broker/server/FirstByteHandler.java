package io.moiety.broker.server;

import io.moiety.broker.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the first byte of a connection and gives way to what it calls for. 0x16 begins a TLS
 * handshake; as the first byte of a frame's length it would mean more than 352 MiB, which no frame
 * has. Owner: the connection's event loop.
 */
final class FirstByteHandler extends ByteToMessageDecoder {

  private static final int TLS_HANDSHAKE = 0x16;

  /** A TLS record: alert (21), version 3.1, two bytes: fatal (2), handshake_failure (40). */
  private static final byte[] NO_TLS_ALERT = {21, 3, 1, 0, 2, 2, 40};

  private final Optional<ServerTls> tls;
  private final long handshakeTimeoutMillis;
  private final SparseLog log;
  private boolean refused;

  FirstByteHandler(Optional<ServerTls> tls, long handshakeTimeoutMillis, SparseLog log) {
    this.tls = tls;
    this.handshakeTimeoutMillis = handshakeTimeoutMillis;
    this.log = log;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
    } else if (in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE) {
      tls.ifPresentOrElse(chosen -> speakTls(context, chosen), () -> refuseTls(context));
    } else if (tls.isPresent() && tls.get().isEnforced()) {
      refusePlain(context);
    } else {
      context.pipeline().remove(this);
    }
  }

  private void speakTls(ChannelHandlerContext context, ServerTls chosen) {
    SslHandler handler = new SslHandler(chosen.newEngine());
    handler.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
    context.pipeline().replace(this, null, handler);
  }

  /** The alert makes the other side say that its handshake failed, not that a connection broke. */
  private void refuseTls(ChannelHandlerContext context) {
    refused = true;
    log.warn(
        () ->
            context.channel().remoteAddress()
                + " speaks TLS, which is not set up here, and is refused; set tls.server.certPath,"
                + " or switch TLS off at the client");
    context
        .writeAndFlush(Unpooled.wrappedBuffer(NO_TLS_ALERT))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void refusePlain(ChannelHandlerContext context) {
    refused = true;
    log.warn(
        () ->
            context.channel().remoteAddress()
                + " does not speak TLS, and is refused; switch TLS on at the client, or set"
                + " tls.server.mode=permissive");
    context.close();
  }
}
