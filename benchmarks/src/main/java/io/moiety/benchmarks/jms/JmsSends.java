package io.moiety.benchmarks.jms;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.ClosedLoop;
import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;

/**
 * Persistent sends by some threads over one connection, a session each; in transactions of one
 * message where {@code transacted} is 1.
 */
public final class JmsSends {

  private JmsSends() {}

  /**
   * With {@code factory}, {@code address}, {@code transacted}, {@code threads}, {@code bytes},
   * {@code warmUp}, {@code seconds}.
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    boolean transacted = arguments.number("transacted") == 1;
    byte[] body = new byte[arguments.number("bytes")];
    try (Connection connection = Provider.factory(arguments).createConnection()) {
      Announcer announcer = new Announcer(System.out);
      announcer.result(
          ClosedLoop.of(arguments, announcer)
              .runEach(() -> operation(connection, transacted, body)));
    }
  }

  private static ClosedLoop.Operation operation(
      Connection connection, boolean transacted, byte[] body) throws Exception {
    Session session =
        connection.createSession(
            transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE);
    MessageProducer producer = session.createProducer(session.createQueue("sends"));
    return transacted
        ? () -> {
          producer.send(Provider.message(session, body));
          session.commit();
        }
        : () -> producer.send(Provider.message(session, body));
  }
}
