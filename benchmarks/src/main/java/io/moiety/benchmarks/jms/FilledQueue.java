package io.moiety.benchmarks.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A queue with persistent messages in it, for loads that receive. */
final class FilledQueue {

  private static final int THREADS = 8;
  private static final int MESSAGES_PER_COMMIT = 100;

  private FilledQueue() {}

  /**
   * Sends so many messages, or up to a few more, in transactions of a hundred.
   *
   * @return how many there are
   */
  static int fill(Connection connection, String queue, int messages, byte[] body) throws Exception {
    int each = THREADS * MESSAGES_PER_COMMIT;
    int commits = (messages + each - 1) / each;
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(
            pool.submit(
                () -> {
                  send(connection, queue, commits, body);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      return THREADS * commits * MESSAGES_PER_COMMIT;
    } finally {
      pool.shutdownNow();
    }
  }

  private static void send(Connection connection, String name, int commits, byte[] body)
      throws JMSException {
    try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
      Queue queue = session.createQueue(name);
      try (MessageProducer producer = session.createProducer(queue)) {
        for (int commit = 0; commit < commits; commit++) {
          for (int i = 0; i < MESSAGES_PER_COMMIT; i++) {
            producer.send(Provider.message(session, body));
          }
          session.commit();
        }
      }
    }
  }
}
