package io.moiety.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection and how many contexts use it; the last to close closes it. Thread-safe. */
final class SharedConnection {

  private final Connection connection;
  private final AtomicInteger contexts = new AtomicInteger(1);

  SharedConnection(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  SharedConnection join() {
    contexts.incrementAndGet();
    return this;
  }

  void leave() throws JMSException {
    if (contexts.decrementAndGet() == 0) {
      connection.close();
    }
  }
}
