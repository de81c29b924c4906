package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What excuses a test over a network that breaks: a message that came twice, and nothing less. */
class RepeatedMessagesTest extends OverABadNetwork {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private final RepeatedMessages repeated = new RepeatedMessages();

  RepeatedMessagesTest() {
    super(BROKER);
  }

  @AfterEach
  void stopListening() {
    repeated.close();
  }

  @Test
  void lostAcknowledgementIsHeardOfOnlyWhereItsMessageComesAgain() throws Exception {
    Link link = ((JmsConnection) connection).parts().link();
    Set<String> nextOnes = new HashSet<>();
    for (int bytes = 50; bytes <= 1_000; bytes += 25) { // The acknowledgement is cut at some.
      try (Session session = connection.createSession()) {
        queue = new MoietyQueue(EmbeddedBroker.uniqueName("repeated"));
        MessageConsumer consumer = session.createConsumer(queue);
        send(session, queue, "a", "b");
        repeated.since();
        int connectionNumber = link.connectionNumber();
        network.cutAfterRequests(bytes);
        assertThat(receive(consumer)).isEqualTo("a");
        network.cut();
        await().until(() -> link.connectionNumber() > connectionNumber);
        network.cutAfterRequests(Long.MAX_VALUE);
        String next = receive(consumer);
        assertThat(repeated.since())
            .as("cut after %d bytes, %s", bytes, next)
            .isEqualTo(next.equals("a"));
        nextOnes.add(next);
      }
    }
    assertThat(nextOnes).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void messageThatTheApplicationGivesBackIsNone() throws Exception {
    try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
      send(session, queue, "a");
      session.commit();
      MessageConsumer consumer = session.createConsumer(queue);
      assertThat(receive(consumer)).isEqualTo("a");
      session.rollback();
      assertThat(receive(consumer)).isEqualTo("a");
      session.commit();
    }
    assertThat(repeated.since()).isFalse();
  }
}
