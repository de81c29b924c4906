package io.moiety.broker.server;

import io.moiety.broker.access.Rights;
import io.moiety.protocol.Command;

/** The answer to a request whose sender was let in, with the rights that the sender has. */
record GrantedReply(Reply reply, Rights rights) implements Reply {

  @Override
  public Command request() {
    return reply.request();
  }

  @Override
  public void send(Command response) {
    reply.send(response);
  }
}
