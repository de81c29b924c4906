package io.moiety.broker.server;

import io.moiety.broker.access.Access;
import io.moiety.broker.access.Rights;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ProtocolException;
import io.moiety.protocol.ResponseCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * The end of one connection's pipeline: hands requests to their handlers, refuses what is too much,
 * and stops reading from a client that does not read its answers. Owner: the connection's event
 * loop.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = System.getLogger(ConnectionHandler.class.getName());

  /** About what a request takes of the heap while it waits, besides its frame. */
  private static final int REQUEST_BYTES = 1_024;

  private final ChannelConnection connection;
  private final RequestRouter router;
  private final LoopTurn turn;
  private final Gate gate;
  private final int maxFrameBytes;
  private final ConnectionLogs logs;

  ConnectionHandler(
      ChannelConnection connection,
      RequestRouter router,
      LoopTurn turn,
      Gate gate,
      int maxFrameBytes,
      ConnectionLogs logs) {
    this.connection = connection;
    this.router = router;
    this.turn = turn;
    this.gate = gate;
    this.maxFrameBytes = maxFrameBytes;
    this.logs = logs;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (gate.isShut()) {
      return; // What was read with the last refusal has no effect and no answer.
    }
    turn.readBegan(context.executor());
    if (message instanceof Inbound.Frame frame) {
      received(frame.command(), frame.sizeBytes());
    } else if (message instanceof Inbound.Oversize oversize) {
      refuseOversize(oversize);
    } else if (message instanceof Inbound.Unheld unheld && !unheld.head().isResponse()) {
      refuse(
          unheld.head(),
          ResponseCode.SYSTEM_BUSY,
          "there is no room for a request of "
              + unheld.frameBytes()
              + " bytes: those that have come in part hold "
              + unheld.heldBytes()
              + ", which with all that wait for an answer is at the limit (maxInFlightBytes): send"
              + " again later");
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    turn.readEnded();
  }

  private void received(Command command, int frameBytes) {
    if (command.isResponse()) {
      if (!connection.answered(command)) {
        LOG.log(Level.DEBUG, "{0} answered what nobody asked, or too late; ignored", connection);
      }
      return;
    }
    int sizeBytes = frameBytes + REQUEST_BYTES;
    Optional<String> tooMuch = connection.inFlight().admit(sizeBytes, command.isOneway());
    if (tooMuch.isPresent()) {
      refuse(command, ResponseCode.SYSTEM_BUSY, tooMuch.get());
      return;
    }
    Reply reply = new ChannelReply(command, sizeBytes, connection);
    try {
      RequestHandler handler = router.handlerOf(command.code());
      Access access = router.serves(command.code()) ? gate.pass(command) : unserved(command);
      if (access instanceof Access.Granted granted) {
        handler.handle(granted.request(), connection, new GrantedReply(reply, granted.rights()));
      } else if (access instanceof Access.Refused refused) {
        keepOut(command, refused.remark(), reply);
      }
    } catch (RuntimeException failure) {
      // Broad, since the connection and its other requests have no part in this one's failure.
      reply.fail(failure);
    }
  }

  /** That a code is unknown is said to anybody. */
  private static Access unserved(Command command) {
    return new Access.Granted(command, Rights.NONE);
  }

  private void keepOut(Command request, String remark, Reply reply) {
    logs.refusals()
        .warn(() -> connection + ": request " + request.code() + " is refused: " + remark);
    reply.fail(ResponseCode.NO_PERMISSION, remark);
    if (gate.isShut()) {
      logs.shuts()
          .warn(
              () ->
                  connection
                      + " was refused "
                      + Gate.MAX_REFUSALS
                      + " times in a row, last with '"
                      + remark
                      + "'; its connection is closed");
      connection.closeAfterAnswers();
    }
  }

  private void refuseOversize(Inbound.Oversize oversize) {
    String remark =
        "a frame of "
            + oversize.frameBytes()
            + " bytes is refused; "
            + maxFrameBytes
            + " are allowed";
    logs.faults().warn(() -> connection + ": request " + oversize.head().code() + ": " + remark);
    if (!oversize.head().isResponse()) {
      refuse(oversize.head(), ResponseCode.MESSAGE_ILLEGAL, remark);
    }
  }

  private void refuse(Command request, int code, String remark) {
    if (!request.isOneway()) {
      connection.write(Command.response(request, code, remark, Fields.empty()));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    turn.readEnded();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(context.channel().isWritable() && !gate.isShut());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      LOG.log(Level.INFO, "{0} was silent for too long; its connection is closed", connection);
      context.close();
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      logs.faults()
          .warn(() -> "The TLS handshake with " + connection + " failed: " + handshake.cause());
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof DecoderException && cause.getCause() instanceof ProtocolException bad) {
      logs.faults()
          .warn(
              () ->
                  connection
                      + " sent what is no frame ("
                      + bad.getMessage()
                      + "); its connection is closed");
    } else if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      LOG.log(Level.DEBUG, "{0}: {1}", connection, cause);
    } else {
      LOG.log(Level.ERROR, "The connection of " + connection + " failed and is closed", cause);
    }
    context.close();
  }
}
