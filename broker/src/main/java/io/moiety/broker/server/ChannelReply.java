package io.moiety.broker.server;

import io.moiety.protocol.Command;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** The answer to a request, which was admitted to what its connection has {@link InFlight}. */
final class ChannelReply implements Reply {

  private static final Logger LOG = System.getLogger(ChannelReply.class.getName());

  private final Command request;
  private final int frameBytes;
  private final ChannelConnection connection;
  private final AtomicBoolean answered = new AtomicBoolean();

  ChannelReply(Command request, int frameBytes, ChannelConnection connection) {
    this.request = request;
    this.frameBytes = frameBytes;
    this.connection = connection;
  }

  @Override
  public Command request() {
    return request;
  }

  @Override
  public void send(Command response) {
    if (!answered.compareAndSet(false, true)) {
      LOG.log(
          Level.ERROR,
          "Request "
              + request.code()
              + " of "
              + connection
              + " has two answers; the second, code "
              + response.code()
              + ", is not sent");
      return;
    }
    connection.inFlight().answered(frameBytes, request.isOneway());
    if (!request.isOneway()) {
      connection.write(response);
    }
  }
}
