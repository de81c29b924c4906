package io.moiety.broker.server;

import io.moiety.protocol.Command;
import java.util.function.Predicate;

/** The answer to a request whose sender was let in, with what access control says of the sender. */
record GrantedReply(Reply reply, Predicate<String> consumable) implements Reply {

  @Override
  public Command request() {
    return reply.request();
  }

  @Override
  public void send(Command response) {
    reply.send(response);
  }

  @Override
  public boolean mayConsume(String topic) {
    return consumable.test(topic);
  }
}
