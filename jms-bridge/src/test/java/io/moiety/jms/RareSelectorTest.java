package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two receivers that want few of a queue's many messages. With {@code
 * -Dmoiety.rare.messages=1000000} it tells how long they take.
 */
@Timeout(600)
class RareSelectorTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static final int MESSAGES = Integer.getInteger("moiety.rare.messages", 10_000);
  private static final int WANTED = 10;

  private final Queue queue = new MoietyQueue(EmbeddedBroker.uniqueName("rare"));
  private final AtomicInteger stored = new AtomicInteger();

  private final CompletionListener counting =
      new CompletionListener() {
        @Override
        public void onCompletion(Message message) {
          stored.incrementAndGet();
        }

        @Override
        public void onException(Message message, Exception exception) {
          stored.addAndGet(-MESSAGES);
        }
      };

  private void fill(Connection connection) throws Exception {
    try (Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(queue);
      for (int i = 0; i < MESSAGES; i++) {
        Message message = session.createMessage();
        message.setIntProperty("n", i);
        producer.send(message, counting);
      }
    }
    assertThat(stored).hasValue(MESSAGES);
  }

  @Test
  void twoReceiversWithRareSelectorsGetTheirsAndLeaveTheRest() throws Exception {
    int every = MESSAGES / WANTED;
    try (Connection connection = BROKER.factory().createConnection();
        Session first = connection.createSession();
        Session second = connection.createSession()) {
      connection.start();
      fill(connection);
      MessageConsumer sevens = first.createConsumer(queue, wanted(every, 7));
      MessageConsumer eights = second.createConsumer(queue, wanted(every, 8));
      long beganNanos = System.nanoTime();
      for (int i = 0; i < WANTED; i++) {
        assertThat(sevens.receive(60_000).getIntProperty("n")).isEqualTo(every * i + 7);
        assertThat(eights.receive(60_000).getIntProperty("n")).isEqualTo(every * i + 8);
      }
      assertThat(sevens.receiveNoWait()).isNull();
      assertThat(eights.receiveNoWait()).isNull();
      long searched = System.nanoTime() - beganNanos;
      beganNanos = System.nanoTime();
      Message late = first.createMessage();
      late.setIntProperty("n", 7);
      first.createProducer(queue).send(late);
      assertThat(sevens.receive(60_000).getJMSMessageID()).isEqualTo(late.getJMSMessageID());
      tell(searched, System.nanoTime() - beganNanos);
      assertThat(first.createConsumer(queue).receive(60_000).getIntProperty("n")).isZero();
    }
  }

  private static String wanted(int every, int number) {
    return IntStream.range(0, WANTED)
        .mapToObj(i -> "n = " + (every * i + number))
        .collect(Collectors.joining(" OR "));
  }

  private static void tell(long searchedNanos, long lateNanos) {
    System.getLogger(RareSelectorTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "Two receivers found {0} of {1} messages each in {2} ms, a late one came in {3} ms",
            WANTED,
            MESSAGES,
            TimeUnit.NANOSECONDS.toMillis(searchedNanos),
            TimeUnit.NANOSECONDS.toMillis(lateNanos));
  }
}
