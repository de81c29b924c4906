package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application does to a message behind its send changes nothing of what was sent. */
class SentMessagesTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Queue queue;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    queue = new MoietyQueue(EmbeddedBroker.uniqueName("sent"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private enum Kind {
    TEXT {
      @Override
      Message create(Session session) throws JMSException {
        return session.createTextMessage();
      }

      @Override
      void write(Message message, String text) throws JMSException {
        ((TextMessage) message).setText(text);
      }

      @Override
      String read(Message message) throws JMSException {
        return ((TextMessage) message).getText();
      }
    },
    BYTES {
      @Override
      Message create(Session session) throws JMSException {
        return session.createBytesMessage();
      }

      @Override
      void write(Message message, String text) throws JMSException {
        ((BytesMessage) message).writeUTF(text);
      }

      @Override
      String read(Message message) throws JMSException {
        return ((BytesMessage) message).readUTF();
      }
    },
    STREAM {
      @Override
      Message create(Session session) throws JMSException {
        return session.createStreamMessage();
      }

      @Override
      void write(Message message, String text) throws JMSException {
        ((StreamMessage) message).writeString(text);
      }

      @Override
      String read(Message message) throws JMSException {
        return ((StreamMessage) message).readString();
      }
    },
    MAP {
      @Override
      Message create(Session session) throws JMSException {
        return session.createMapMessage();
      }

      @Override
      void write(Message message, String text) throws JMSException {
        ((MapMessage) message).setString("text", text);
      }

      @Override
      String read(Message message) throws JMSException {
        return ((MapMessage) message).getString("text");
      }
    },
    OBJECT {
      @Override
      Message create(Session session) throws JMSException {
        return session.createObjectMessage();
      }

      @Override
      void write(Message message, String text) throws JMSException {
        ((ObjectMessage) message).setObject(text);
      }

      @Override
      String read(Message message) throws JMSException {
        return (String) ((ObjectMessage) message).getObject();
      }
    };

    abstract Message create(Session session) throws JMSException;

    abstract void write(Message message, String text) throws JMSException;

    abstract String read(Message message) throws JMSException;

    void overwrite(Message message, String text) throws JMSException {
      message.clearBody();
      message.clearProperties();
      write(message, text);
      message.setStringProperty("text", text);
      message.setJMSType(text);
    }
  }

  private void assertReceived(Kind kind, String... texts) throws JMSException {
    try (Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue)) {
      for (String text : texts) {
        Message received = consumer.receive(10_000);
        assertThat(kind.read(received)).isEqualTo(text);
        assertThat(received.getStringProperty("text")).isEqualTo(text);
        assertThat(received.getJMSType()).isEqualTo(text);
      }
      assertThat(consumer.receiveNoWait()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneMessageIsAlteredAndSentAgain(Kind kind) throws Exception {
    try (Session session = connection.createSession();
        MessageProducer producer = session.createProducer(queue)) {
      Message message = kind.create(session);
      for (String text : new String[] {"first", "second", "third"}) {
        kind.overwrite(message, text);
        producer.send(message);
      }
      kind.overwrite(message, "unsent");
    }
    assertReceived(kind, "first", "second", "third");
  }

  @ParameterizedTest
  @EnumSource
  void oneMessageIsAlteredAndSentAgainInATransaction(Kind kind) throws Exception {
    try (Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(queue)) {
      Message message = kind.create(session);
      for (String text : new String[] {"first", "second", "third"}) {
        kind.overwrite(message, text);
        producer.send(message);
      }
      kind.overwrite(message, "unsent");
      session.commit();
    }
    assertReceived(kind, "first", "second", "third");
  }

  @ParameterizedTest
  @EnumSource
  void onlyMessageOfATransactionIsAlteredBeforeTheCommit(Kind kind) throws Exception {
    try (Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(queue)) {
      Message message = kind.create(session);
      kind.overwrite(message, "sent");
      producer.send(message);
      kind.overwrite(message, "unsent");
      session.commit();
    }
    assertReceived(kind, "sent");
  }
}
