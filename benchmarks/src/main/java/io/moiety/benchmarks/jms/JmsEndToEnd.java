package io.moiety.benchmarks.jms;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.OpenLoop;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How long persistent messages take to a listener in the same JVM, over another connection. One
 * without a delivery delay counts from the time that its send was due; one with a delay counts from
 * its {@code JMSDeliveryTime}, so that only its lateness is told.
 */
public final class JmsEndToEnd {

  private static final String QUEUE = "end-to-end";
  private static final int THREADS = 4;

  private final OpenLoop loop;
  private final int delayMillis;
  private final int bytes;

  private JmsEndToEnd(Arguments arguments) {
    loop = OpenLoop.of(arguments, THREADS, new Announcer(System.out));
    delayMillis = arguments.number("delayMillis");
    bytes = arguments.number("bytes");
  }

  /**
   * With {@code factory}, {@code address}, {@code rate}, {@code delayMillis}, {@code bytes}, {@code
   * warmUp}, {@code seconds}.
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    ConnectionFactory factory = Provider.factory(arguments);
    try (Connection receiver = factory.createConnection();
        Connection sender = factory.createConnection()) {
      new JmsEndToEnd(arguments).run(receiver, sender);
    }
  }

  private void run(Connection receiver, Connection sender) throws Exception {
    Session session = receiver.createSession(Session.AUTO_ACKNOWLEDGE);
    session.createConsumer(session.createQueue(QUEUE)).setMessageListener(this::received);
    receiver.start();
    loop.run(() -> operation(sender));
  }

  private OpenLoop.Operation operation(Connection connection) throws JMSException {
    Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
    MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
    producer.setDeliveryDelay(delayMillis);
    return intendedNanos -> {
      BytesMessage message = session.createBytesMessage();
      message.writeLong(intendedNanos);
      message.writeBytes(new byte[bytes - Long.BYTES]);
      producer.send(message);
    };
  }

  private void received(Message message) {
    long now = System.nanoTime();
    Instant instant = Instant.now();
    try {
      long intendedNanos = ((BytesMessage) message).readLong();
      loop.received(
          intendedNanos,
          delayMillis == 0
              ? now - intendedNanos
              : ChronoUnit.NANOS.between(
                  Instant.ofEpochMilli(message.getJMSDeliveryTime()), instant));
    } catch (JMSException failure) {
      throw new IllegalStateException("a message cannot be read", failure);
    }
  }
}
