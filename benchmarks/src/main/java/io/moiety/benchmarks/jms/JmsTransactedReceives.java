package io.moiety.benchmarks.jms;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.ClosedLoop;
import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;

/** Receives from a full queue in transactions of one message. */
public final class JmsTransactedReceives {

  private static final String QUEUE = "receives";
  private static final long RECEIVE_MILLIS = 5_000;

  private JmsTransactedReceives() {}

  /**
   * With {@code factory}, {@code address}, {@code messages}, {@code bytes}, {@code threads}, {@code
   * warmUp}, {@code seconds}. There must be more messages than can be received.
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    byte[] body = new byte[arguments.number("bytes")];
    try (Connection connection = Provider.factory(arguments).createConnection()) {
      FilledQueue.fill(connection, QUEUE, arguments.number("messages"), body);
      connection.start();
      Announcer announcer = new Announcer(System.out);
      announcer.result(ClosedLoop.of(arguments, announcer).runEach(() -> operation(connection)));
    }
  }

  private static ClosedLoop.Operation operation(Connection connection) throws Exception {
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
    return () -> {
      if (consumer.receive(RECEIVE_MILLIS) == null) {
        throw new IllegalStateException(
            "the queue is empty before the time is over; fill it with more messages");
      }
      session.commit();
    };
  }
}
