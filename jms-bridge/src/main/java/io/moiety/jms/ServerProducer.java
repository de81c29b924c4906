package io.moiety.jms;

import jakarta.jms.CompletionListener;
import jakarta.jms.JMSProducer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import org.jspecify.annotations.Nullable;

/** A producer in a web or EJB container, where nothing is sent asynchronously. */
final class ServerProducer extends SimplifiedProducer {

  ServerProducer(Session session, MessageProducer producer) {
    super(session, producer);
  }

  @Override
  public JMSProducer setAsync(@Nullable CompletionListener completionListener) {
    throw ServerContext.forbidden(
        "setAsync", "send without it: in a transaction a send does not wait for the broker");
  }
}
