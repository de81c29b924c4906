package io.moiety.benchmarks.jms;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Empties a full queue by one listener. The first third of the messages only warms up. Confined to
 * the listener's thread, but for the latches.
 */
public final class JmsDrain {

  private static final String QUEUE = "drain";
  private static final long LIMIT_SECONDS = 150;

  private final int warmUpMessages;
  private final int messages;
  private final CountDownLatch warm = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private int received;
  private long beginNanos;
  private long endNanos;

  private JmsDrain(int messages) {
    this.warmUpMessages = messages / 3;
    this.messages = messages;
  }

  /**
   * With {@code factory}, {@code address}, {@code messages}, {@code bytes} and the session's {@code
   * acknowledgeMode}.
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    byte[] body = new byte[arguments.number("bytes")];
    try (Connection connection = Provider.factory(arguments).createConnection()) {
      int messages = FilledQueue.fill(connection, QUEUE, arguments.number("messages"), body);
      new JmsDrain(messages).run(connection, arguments.number("acknowledgeMode"));
    }
  }

  private void run(Connection connection, int acknowledgeMode) throws Exception {
    Session session = connection.createSession(acknowledgeMode);
    session.createConsumer(session.createQueue(QUEUE)).setMessageListener(this::received);
    Announcer announcer = new Announcer(System.out);
    connection.start();
    await(warm);
    announcer.tell(Announcer.MEASURING);
    await(done);
    announcer.tell(Announcer.MEASURED);
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("count", (double) (messages - warmUpMessages));
    numbers.put("rate", (messages - warmUpMessages) / ((endNanos - beginNanos) / 1e9));
    announcer.result(numbers);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the queue was not emptied within " + LIMIT_SECONDS + " s");
    }
  }

  private void received(Message message) {
    received++;
    if (received == warmUpMessages) {
      beginNanos = System.nanoTime();
      warm.countDown();
    } else if (received == messages) {
      endNanos = System.nanoTime();
      done.countDown();
    }
  }
}
