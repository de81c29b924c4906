package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.BrokerException;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A session leaves nothing behind at the broker, whatever fails while it closes. */
class SessionCloseTest {

  private final FakeLink link = new FakeLink();

  @Test
  void closesTheBrokersSessionAlsoWhenItsTransactionCannotBeRolledBack() throws Exception {
    JmsConnection connection =
        new JmsConnection(
            new MoietyConnectionFactory().settings(),
            Domain.COMMON,
            (name, instance, events) -> CompletableFuture.completedFuture(link),
            Clock.systemUTC());
    Session session = connection.createSession(Session.SESSION_TRANSACTED);
    session.createConsumer(session.createQueue("orders"));
    session
        .createProducer(session.createQueue("orders"))
        .send(session.createTextMessage("part of a transaction"));
    link.failures.put("rollback", new BrokerException(ResponseCode.SYSTEM_ERROR, "broken"));

    assertThatThrownBy(session::close).isInstanceOf(JMSException.class);

    assertThat(link.requests).containsSubsequence("rollback", "closeSession");
    assertThatThrownBy(session::createTextMessage)
        .isInstanceOf(jakarta.jms.IllegalStateException.class);
    connection.close();
  }
}
