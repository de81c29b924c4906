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

  private JmsConnection connect() throws JMSException {
    return new JmsConnection(
        new MoietyConnectionFactory().settings(),
        Domain.COMMON,
        (name, instance, events) -> CompletableFuture.completedFuture(link),
        Clock.systemUTC());
  }

  @Test
  void closesTheBrokersSessionAlsoWhenItsTransactionCannotBeRolledBack() throws Exception {
    JmsConnection connection = connect();
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

  @Test
  void connectionThatIsLostWhileItClosesIsClosedWithoutFailure() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession();
    session.createConsumer(session.createQueue("orders"));
    link.lostAtClose = true;
    link.failures.put("closeSession", new LinkLostException("the broker was stopped"));

    connection.close();

    assertThat(link.requests).contains("closeSession");
    assertThatThrownBy(connection::getMetaData)
        .isInstanceOf(jakarta.jms.IllegalStateException.class);
  }

  @Test
  void connectionThatCannotBeClosedAsItShouldSaysWhy() throws Exception {
    JmsConnection connection = connect();
    Session session = connection.createSession();
    session.createConsumer(session.createQueue("orders"));
    link.failures.put("closeSession", new BrokerException(ResponseCode.SYSTEM_ERROR, "broken"));

    assertThatThrownBy(connection::close)
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("broken");
  }
}
