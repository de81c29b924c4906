package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.ProtocolException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;

/** Passes what happens on the channel to its {@link Connection}. */
final class ConnectionHandler extends SimpleChannelInboundHandler<Command> {

  private final Connection connection;

  ConnectionHandler(Connection connection) {
    super(Command.class);
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Command command) {
    connection.received(command);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    connection.ended();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable reason =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    String what =
        reason instanceof ProtocolException
            ? "The broker at " + connection.address() + " sent a malformed frame: "
            : "The connection to the broker at " + connection.address() + " failed: ";
    connection.endNow(new ConnectionLostException(what + reason.getMessage(), true, reason));
  }
}
