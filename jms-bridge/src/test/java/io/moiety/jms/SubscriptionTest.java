package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.jms.AlsoOverABreakingNetwork.Excepted;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AlsoOverABreakingNetwork
class SubscriptionTest {

  private static final String BEGUN_ANEW =
      "subscriptions that are not durable begin anew, and empty, with the next connection";

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private String clientId;
  private Connection connection;
  private Session session;
  private Topic topic;

  @BeforeEach
  void connect() throws Exception {
    clientId = UUID.randomUUID().toString();
    connect(clientId);
    topic = new MoietyTopic(EmbeddedBroker.uniqueName("topic"));
  }

  private void connect(String id) throws Exception {
    connection = BROKER.factory().createConnection();
    connection.setClientID(id);
    connection.start();
    session = connection.createSession();
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private void publish(String text, String colour) throws Exception {
    try (MessageProducer producer = session.createProducer(topic)) {
      TextMessage message = session.createTextMessage(text);
      message.setStringProperty("colour", colour);
      producer.send(message);
    }
  }

  private static String text(Message message) throws Exception {
    return message == null ? null : ((TextMessage) message).getText();
  }

  @Excepted(because = BEGUN_ANEW)
  @Test
  void everySubscriberGetsWhatIsSentFromItsCreationOn() throws Exception {
    publish("before", "red");
    MessageConsumer first = session.createConsumer(topic);
    MessageConsumer second = session.createConsumer(topic);
    publish("after", "red");
    assertThat(text(first.receive(5_000))).isEqualTo("after");
    assertThat(text(second.receive(5_000))).isEqualTo("after");
    assertThat(first.receiveNoWait()).isNull();
  }

  @Excepted(because = BEGUN_ANEW)
  @Test
  void selectorsChooseAndNoLocalPassesOver() throws Exception {
    MessageConsumer red = session.createConsumer(topic, "colour = 'red'");
    MessageConsumer others = session.createConsumer(topic, null, true);
    publish("1", "blue");
    publish("2", "red");
    assertThat(text(red.receive(5_000))).isEqualTo("2");
    assertThat(others.receiveNoWait()).isNull();
    assertThatThrownBy(() -> session.createConsumer(topic, "colour = = 'red'"))
        .isInstanceOf(InvalidSelectorException.class);
    assertThatThrownBy(() -> session.createConsumer(new MoietyQueue("q"), "not a ( selector"))
        .isInstanceOf(InvalidSelectorException.class);
  }

  @Test
  void durableSubscriptionCollectsWhileNobodyIsConnected() throws Exception {
    session.createDurableConsumer(topic, "sub/1").close();
    publish("1", "red");
    connection.close();
    connect(clientId);
    publish("2", "red");
    MessageConsumer consumer = session.createDurableConsumer(topic, "sub/1");
    assertThat(text(consumer.receive(5_000))).isEqualTo("1");
    assertThat(text(consumer.receive(5_000))).isEqualTo("2");
    consumer.close();
    session.unsubscribe("sub/1");
    publish("3", "red");
    assertThat(session.createDurableConsumer(topic, "sub/1").receiveNoWait()).isNull();
  }

  @Test
  void durableSubscriptionSurvivesTheBrokersRestart() throws Exception {
    session.createDurableConsumer(topic, "lasting").close();
    publish("1", "red");
    connection.close();
    BROKER.restart();
    connect(clientId);
    assertThat(text(session.createDurableConsumer(topic, "lasting").receive(5_000))).isEqualTo("1");
  }

  @Test
  void changedSelectorStartsDurableSubscriptionAnew() throws Exception {
    session.createDurableConsumer(topic, "s", "colour = 'red'", false).close();
    publish("1", "red");
    MessageConsumer consumer = session.createDurableConsumer(topic, "s", "colour = 'blue'", false);
    assertThat(consumer.receiveNoWait()).isNull();
    publish("2", "blue");
    assertThat(text(consumer.receive(5_000))).isEqualTo("2");
  }

  @Test
  void changedTopicStartsDurableSubscriptionAnew() throws Exception {
    session.createDurableConsumer(topic, "s").close();
    publish("1", "red");
    Topic former = topic;
    topic = new MoietyTopic(EmbeddedBroker.uniqueName("topic"));
    MessageConsumer consumer = session.createDurableConsumer(topic, "s");
    publish("2", "red");
    assertThat(text(consumer.receive(5_000))).isEqualTo("2");
    consumer.close();
    assertThat(session.createDurableConsumer(former, "s").receiveNoWait()).isNull();
  }

  @Test
  void changedNoLocalStartsDurableSubscriptionAnew() throws Exception {
    session.createDurableConsumer(topic, "s").close();
    publish("1", "red");
    MessageConsumer others = session.createDurableConsumer(topic, "s", null, true);
    publish("2", "red");
    assertThat(others.receiveNoWait()).isNull();
    others.close();
    session.createDurableConsumer(topic, "s", null, false).close();
    publish("3", "red");
    assertThat(text(session.createDurableConsumer(topic, "s").receive(5_000))).isEqualTo("3");
  }

  @Excepted(because = BEGUN_ANEW)
  @Test
  void sharedAndUnsharedDurableSubscriptionsCannotHaveOneName() throws Exception {
    session.createSharedDurableConsumer(topic, "s").close();
    assertThatThrownBy(() -> session.createDurableConsumer(topic, "s"))
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("delete it first");
    MessageConsumer notDurable = session.createSharedConsumer(topic, "s");
    publish("1", "red");
    assertThat(text(notDurable.receive(5_000))).isEqualTo("1");
    assertThat(text(session.createSharedDurableConsumer(topic, "s").receive(5_000))).isEqualTo("1");
  }

  @Test
  void sharedSubscriptionIsNotChangedUnderItsConsumers() throws Exception {
    MessageConsumer shared = session.createSharedConsumer(topic, "a", "colour = 'red'");
    MessageConsumer durable = session.createSharedDurableConsumer(topic, "b", "colour = 'red'");
    Topic another = new MoietyTopic(EmbeddedBroker.uniqueName("topic"));
    assertThatThrownBy(() -> session.createSharedConsumer(topic, "a", "colour = 'blue'"))
        .isInstanceOf(JMSException.class);
    assertThatThrownBy(() -> session.createSharedConsumer(another, "a", "colour = 'red'"))
        .isInstanceOf(JMSException.class);
    assertThatThrownBy(() -> session.createSharedDurableConsumer(topic, "b"))
        .isInstanceOf(JMSException.class);
    assertThatThrownBy(() -> session.createSharedDurableConsumer(another, "b", "colour = 'red'"))
        .isInstanceOf(JMSException.class);
    shared.close();
    durable.close();
    session.createSharedDurableConsumer(another, "b").close();
    session.unsubscribe("b");
  }

  @Test
  void subscriptionsNeedNames() {
    for (String nameless : new String[] {null, "", " "}) {
      assertThatThrownBy(() -> session.unsubscribe(nameless))
          .isInstanceOf(InvalidDestinationException.class);
      assertThatThrownBy(() -> session.createDurableConsumer(topic, nameless))
          .isInstanceOf(JMSException.class);
      assertThatThrownBy(() -> session.createSharedConsumer(topic, nameless))
          .isInstanceOf(JMSException.class);
    }
  }

  @Test
  void clientIdInUseIsRefusedToOtherConnections() throws Exception {
    try (Connection other = BROKER.factory().createConnection()) {
      assertThatThrownBy(() -> other.setClientID(clientId))
          .isInstanceOf(InvalidClientIDException.class);
    }
    MoietyConnectionFactory administered = BROKER.factory();
    administered.setClientId(clientId);
    assertThatThrownBy(administered::createConnection).isInstanceOf(InvalidClientIDException.class);
    assertThatThrownBy(administered::createContext)
        .isInstanceOf(InvalidClientIDRuntimeException.class);
    connection.close();
    try (Connection afterwards = administered.createConnection()) {
      assertThat(afterwards.getClientID()).isEqualTo(clientId);
      assertThatThrownBy(() -> afterwards.setClientID("another"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void durableSubscriptionHasOneConsumerAndCannotBeDeletedUnderIt() throws Exception {
    MessageConsumer consumer = session.createDurableConsumer(topic, "s");
    assertThatThrownBy(() -> session.createDurableConsumer(topic, "s"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> session.unsubscribe("s")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> session.createSharedDurableConsumer(topic, "s"))
        .isInstanceOf(JMSException.class);
    consumer.close();
    session.unsubscribe("s");
    assertThatThrownBy(() -> session.unsubscribe("s"))
        .isInstanceOf(InvalidDestinationException.class);
  }

  @Test
  void connectionThatWasOnlyStoppedMayBeGivenItsClientId() throws Exception {
    try (Connection fresh = BROKER.factory().createConnection()) {
      fresh.stop();
      fresh.getMetaData();
      fresh.setExceptionListener(failure -> {});
      fresh.setClientID(EmbeddedBroker.uniqueName("stopped"));
      fresh.start();
      assertThatThrownBy(() -> fresh.setClientID("another"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void durableSubscriptionNeedsClientId() throws Exception {
    try (Connection anonymous = BROKER.factory().createConnection()) {
      Session other = anonymous.createSession();
      assertThatThrownBy(() -> other.createDurableConsumer(topic, "s"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("client id");
    }
  }

  @Excepted(because = BEGUN_ANEW)
  @Test
  void sharedSubscriptionDividesMessagesAmongItsConsumers() throws Exception {
    try (Connection other = BROKER.factory().createConnection()) {
      other.setClientID("other-" + clientId);
      other.start();
      Session otherSession = other.createSession();
      MessageConsumer first = session.createSharedConsumer(topic, "shared");
      MessageConsumer second = session.createSharedConsumer(topic, "shared");
      MessageConsumer ofOther = otherSession.createSharedConsumer(topic, "shared");
      publish("1", "red");
      publish("2", "red");
      assertThat(text(first.receive(5_000))).isEqualTo("1");
      assertThat(text(second.receive(5_000))).isEqualTo("2");
      assertThat(first.receiveNoWait()).isNull();
      assertThat(text(ofOther.receive(5_000))).isEqualTo("1");
    }
  }

  @Test
  void sharedDurableSubscriptionOutlivesItsConsumers() throws Exception {
    session.createSharedDurableConsumer(topic, "sd").close();
    publish("1", "red");
    connection.close();
    connect(clientId);
    assertThat(text(session.createSharedDurableConsumer(topic, "sd").receive(5_000)))
        .isEqualTo("1");
  }

  @Excepted(because = BEGUN_ANEW)
  @Test
  void sharedSubscriptionEndsWithTheLastConsumerOfAllConnections() throws Exception {
    try (Connection other = BROKER.factory().createConnection();
        Connection third = BROKER.factory().createConnection()) {
      String name = EmbeddedBroker.uniqueName("shared");
      other.start();
      third.start();
      MessageConsumer first = other.createSession().createSharedConsumer(topic, name);
      MessageConsumer second = third.createSession().createSharedConsumer(topic, name);
      assertThat(first.receiveNoWait()).isNull();
      assertThat(second.receiveNoWait()).isNull();
      first.close();
      second.close();
      publish("to nobody", "red");
      MessageConsumer later = third.createSession().createSharedConsumer(topic, name);
      assertThat(later.receiveNoWait()).isNull();
      publish("to the later one", "red");
      assertThat(text(later.receive(5_000))).isEqualTo("to the later one");
    }
  }

  @Excepted(because = BEGUN_ANEW)
  @Test
  void subscriptionWhoseConsumerClosedBeforeTheAcknowledgementEndsWithThat() throws Exception {
    for (int mode : new int[] {Session.CLIENT_ACKNOWLEDGE, Session.SESSION_TRANSACTED}) {
      String name = EmbeddedBroker.uniqueName("shared");
      Session receiving = connection.createSession(mode);
      MessageConsumer consumer = receiving.createSharedConsumer(topic, name);
      publish("1", "red");
      Message message = consumer.receive(5_000);
      assertThat(text(message)).isEqualTo("1");
      consumer.close();
      if (mode == Session.SESSION_TRANSACTED) {
        receiving.commit();
      } else {
        message.acknowledge();
      }
      publish("to nobody", "red");
      assertThat(session.createSharedConsumer(topic, name).receiveNoWait()).isNull();
      receiving.close();
    }
  }

  @Excepted(because = "a loss gives the message back")
  @Test
  void durableSubscriptionIsNotDeletedWhileMessagesOfItAreUnacknowledged() throws Exception {
    Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
    MessageConsumer consumer = transacted.createDurableConsumer(topic, "s");
    publish("1", "red");
    assertThat(text(consumer.receive(5_000))).isEqualTo("1");
    consumer.close();
    assertThatThrownBy(() -> session.unsubscribe("s"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not acknowledged");
    transacted.commit();
    session.unsubscribe("s");
  }

  @Test
  void lazyAcknowledgementsDoNotKeepASubscription() throws Exception {
    Session lazy = connection.createSession(Session.DUPS_OK_ACKNOWLEDGE);
    MessageConsumer consumer = lazy.createDurableConsumer(topic, "s");
    publish("1", "red");
    assertThat(text(consumer.receive(5_000))).isEqualTo("1");
    consumer.close();
    lazy.unsubscribe("s");
  }
}
