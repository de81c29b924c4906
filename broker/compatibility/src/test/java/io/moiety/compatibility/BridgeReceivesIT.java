package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Test;

/** What RocketMQ's clients send, as an application of Jakarta Messaging receives it. */
@OnBroker
class BridgeReceivesIT {

  private static JMSConsumer receiver(JMSContext context, String topic) {
    return context.createConsumer(context.createQueue(topic));
  }

  private static org.apache.rocketmq.common.message.Message plain(String topic, String body) {
    return Clients.message(topic, body);
  }

  private static String text(BytesMessage message) throws Exception {
    return new String(message.getBody(byte[].class), UTF_8);
  }

  @Test
  void aMessageOfAllBytesHasThemAndTheHeadersOfItsSend(Clients clients, Bridge bridge)
      throws Exception {
    String topic = clients.topic(1);
    byte[] body = new byte[256];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) i;
    }
    long beforeMillis = System.currentTimeMillis();
    SendResult sent =
        clients.producer().send(new org.apache.rocketmq.common.message.Message(topic, body));
    long afterMillis = System.currentTimeMillis();
    JMSContext context = bridge.context();
    BytesMessage message = Bridge.take(receiver(context, topic), BytesMessage.class);

    assertThat(message.getBody(byte[].class)).isEqualTo(body);
    assertThat(message.getBodyLength()).isEqualTo(256);
    assertThat(message.getJMSMessageID()).isEqualTo("ID:" + sent.getMsgId());
    assertThat(message.getJMSTimestamp()).isBetween(beforeMillis, afterMillis);
    assertThat(message.getJMSDeliveryTime()).isEqualTo(message.getJMSTimestamp());
    assertThat(message.getJMSDestination()).isEqualTo(context.createQueue(topic));
    assertThat(message.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
    assertThat(message.getJMSPriority()).isEqualTo(Message.DEFAULT_PRIORITY);
    assertThat(message.getJMSExpiration()).isZero();
    assertThat(message.getJMSReplyTo()).isNull();
    assertThat(message.getJMSCorrelationID()).isNull();
    assertThat(message.getJMSType()).isNull();
    assertThat(message.getJMSRedelivered()).isFalse();
    assertThat(message.getIntProperty("JMSXDeliveryCount")).isOne();
  }

  @Test
  void textIsBytesInUtf8(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    clients.send(topic, "Grüße 🐘");
    BytesMessage message = Bridge.take(receiver(bridge.context(), topic), BytesMessage.class);

    assertThat(text(message)).isEqualTo("Grüße 🐘");
    assertThat(message.isBodyAssignableTo(String.class)).isFalse();
    assertThatThrownBy(() -> message.getBody(String.class))
        .isInstanceOf(MessageFormatException.class);
  }

  @Test
  void textThatSaysSoIsATextMessage(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    var message = plain(topic, "Grüße 🐘");
    message.putUserProperty("JMS_BodyType", "text");
    clients.producer().send(message);
    TextMessage arrived = Bridge.take(receiver(bridge.context(), topic), TextMessage.class);

    assertThat(arrived.getText()).isEqualTo("Grüße 🐘");
    assertThat(Bridge.propertyNames(arrived)).doesNotContain("JMS_BodyType", "UNIQ_KEY", "WAIT");
  }

  /** So that there is none to arrive. */
  @Test
  void anEmptyBodyIsRefusedByTheClientItself(Clients clients) throws Exception {
    String topic = clients.topic(1);
    assertThatThrownBy(() -> clients.send(topic, "")).isInstanceOf(MQClientException.class);
  }

  @Test
  void tagsKeysAndPropertiesOfAnyNameArrive(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    var message =
        new org.apache.rocketmq.common.message.Message(
            topic, "tag", "key1 key2", "hello".getBytes(UTF_8));
    message.putUserProperty("colour", "grün");
    message.putUserProperty("count", "7");
    message.putUserProperty("odd-name", "a b=c;d\"'\\");
    message.putUserProperty("1st", "one");
    message.putUserProperty("a.b c:d,e", "any");
    message.setBuyerId("buyer");
    clients.producer().send(message);
    JMSContext context = bridge.context();
    BytesMessage arrived = Bridge.take(receiver(context, topic), BytesMessage.class);

    assertThat(arrived.getStringProperty("colour")).isEqualTo("grün");
    assertThat(arrived.getIntProperty("count")).isEqualTo(7);
    assertThat(arrived.getStringProperty("odd-name")).isEqualTo("a b=c;d\"'\\");
    assertThat(arrived.getStringProperty("1st")).isEqualTo("one");
    assertThat(arrived.getStringProperty("a.b c:d,e")).isEqualTo("any");
    assertThat(arrived.getStringProperty("JMS_MOIETY_Tags")).isEqualTo("tag");
    assertThat(arrived.getStringProperty("JMS_MOIETY_Keys")).isEqualTo("key1 key2");
    assertThat(Bridge.propertyNames(arrived))
        .as("none of RocketMQ's own")
        .containsExactlyInAnyOrder(
            "colour",
            "count",
            "odd-name",
            "1st",
            "a.b c:d,e",
            "JMS_MOIETY_Tags",
            "JMS_MOIETY_Keys",
            "JMSXDeliveryCount");
  }

  @Test
  void propertiesOfAnyNameCanBeForwarded(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    String next = clients.topic(1);
    var message = plain(topic, "hello");
    message.setTags("tag");
    message.putUserProperty("odd-name", "one");
    message.putUserProperty("a.b c:d,e", "other");
    clients.producer().send(message);
    JMSContext context = bridge.context();
    Message received = Bridge.take(receiver(context, topic), Message.class);
    context.createProducer().send(context.createQueue(next), received);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), next, inbox.listener());

    MessageExt forwarded = inbox.take();
    assertThat(Inbox.body(forwarded)).isEqualTo("hello");
    assertThat(forwarded.getTags()).isEqualTo("tag");
    assertThat(forwarded.getUserProperty("odd-name")).isEqualTo("one");
    assertThat(forwarded.getUserProperty("a.b c:d,e")).isEqualTo("other");
  }

  @Test
  void messagesAreSelectedByTagsKeysAndProperties(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    for (String tag : List.of("a", "b")) {
      for (String colour : List.of("red", "blue")) {
        var message = plain(topic, tag + " " + colour);
        message.setTags(tag);
        message.setKeys("key-" + tag);
        message.putUserProperty("colour", colour);
        clients.producer().send(message);
      }
    }
    JMSContext context = bridge.context();
    Queue queue = context.createQueue(topic);
    String selector = "JMS_MOIETY_Tags = 'b' AND JMS_MOIETY_Keys LIKE '%-b' AND colour <> 'red'";
    try (JMSConsumer selecting = context.createConsumer(queue, selector)) {
      assertThat(text(Bridge.take(selecting, BytesMessage.class))).isEqualTo("b blue");
      assertThat(selecting.receiveNoWait()).isNull();
    }
    assertThat(text(Bridge.take(receiver(context, topic), BytesMessage.class))).isEqualTo("a red");
  }

  /** A selector compares no text with numbers. */
  @Test
  void aPropertyIsANumberForSelectorsWhereTheSenderSaysSo(Clients clients, Bridge bridge)
      throws Exception {
    String topic = clients.topic(1);
    var untyped = plain(topic, "untyped");
    untyped.putUserProperty("count", "7");
    clients.producer().send(untyped);
    var typed = plain(topic, "typed");
    typed.putUserProperty("count", "7");
    typed.putUserProperty("__JMS_TYPES", "count:I");
    clients.producer().send(typed);
    JMSContext context = bridge.context();
    JMSConsumer selecting = context.createConsumer(context.createQueue(topic), "count > 3");

    BytesMessage message = Bridge.take(selecting, BytesMessage.class);
    assertThat(text(message)).isEqualTo("typed");
    assertThat(message.getObjectProperty("count")).isEqualTo(7);
    assertThat(selecting.receiveNoWait()).isNull();
  }

  @Test
  void headersThatTheSenderSetsAsPropertiesAreRead(Clients clients, Bridge bridge)
      throws Exception {
    String topic = clients.topic(1);
    long endMillis = System.currentTimeMillis() + 600_000;
    var message = plain(topic, "hello");
    message.putUserProperty("JMS_Type", "order");
    message.putUserProperty("JMS_Priority", "9");
    message.putUserProperty("JMS_DeliveryMode", "1");
    message.putUserProperty("JMS_Expiration", String.valueOf(endMillis));
    message.putUserProperty("JMS_ReplyTo", "topic://answers");
    message.putUserProperty("JMSXGroupID", "group");
    message.putUserProperty("JMSXGroupSeq", "3");
    clients.producer().send(message);
    JMSContext context = bridge.context();
    Message arrived = Bridge.take(receiver(context, topic), BytesMessage.class);

    assertThat(arrived.getJMSType()).isEqualTo("order");
    assertThat(arrived.getJMSPriority()).isEqualTo(9);
    assertThat(arrived.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
    assertThat(arrived.getJMSExpiration()).isEqualTo(endMillis);
    assertThat(arrived.getJMSReplyTo()).isEqualTo(context.createTopic("answers"));
    assertThat(arrived.getStringProperty("JMSXGroupID")).isEqualTo("group");
    assertThat(arrived.getIntProperty("JMSXGroupSeq")).isEqualTo(3);
  }

  @Test
  void aRequestIsAnsweredToThePlainClientThatSentIt(Clients clients, Bridge bridge)
      throws Exception {
    String topic = clients.topic(1);
    String answers = clients.topic(1);
    var message = plain(topic, "how much?");
    message.putUserProperty("JMS_ReplyTo", "queue://" + answers);
    MessageAccessor.putProperty(message, "CORRELATION_ID", "request 1");
    clients.producer().send(message);
    JMSContext context = bridge.context();
    Message request = Bridge.take(receiver(context, topic), BytesMessage.class);
    context
        .createProducer()
        .setJMSCorrelationID(request.getJMSCorrelationID())
        .send(request.getJMSReplyTo(), "ten");
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), answers, inbox.listener());

    MessageExt answer = inbox.take();
    assertThat(Inbox.body(answer)).isEqualTo("ten");
    assertThat(answer.getProperty("CORRELATION_ID")).isEqualTo("request 1");
  }

  @Test
  void aDelayedMessageComesAfterItsDelay(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    var message = plain(topic, "delayed");
    message.setDelayTimeLevel(1);
    long sentMillis = System.currentTimeMillis();
    clients.producer().send(message);
    clients.send(topic, "at once");
    JMSConsumer consumer = receiver(bridge.context(), topic);

    assertThat(text(Bridge.take(consumer, BytesMessage.class))).isEqualTo("at once");
    BytesMessage delayed = Bridge.take(consumer, BytesMessage.class);
    assertThat(text(delayed)).isEqualTo("delayed");
    assertThat(System.currentTimeMillis())
        .isGreaterThanOrEqualTo(sentMillis + Settings.DELAY_SECONDS.get(0) * 1_000L);
    assertThat(Bridge.propertyNames(delayed)).containsExactly("JMSXDeliveryCount");
  }

  @Test
  void aBodyThatTheClientCompressedArrivesWhole(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    String compressible = "compress me ".repeat(100_000);
    byte[] random = new byte[1_000_000];
    new Random(1).nextBytes(random);
    clients.send(topic, compressible);
    clients.producer().send(new org.apache.rocketmq.common.message.Message(topic, random));
    JMSConsumer consumer = receiver(bridge.context(), topic);

    assertThat(text(Bridge.take(consumer, BytesMessage.class))).isEqualTo(compressible);
    assertThat(Bridge.take(consumer, BytesMessage.class).getBody(byte[].class)).isEqualTo(random);
  }

  @Test
  void theMessagesOfABatchArriveOneByOneInOrder(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    List<org.apache.rocketmq.common.message.Message> batch = new ArrayList<>();
    for (String body : List.of("a", "b", "c")) {
      var message = plain(topic, body);
      message.setTags("tag-" + body);
      message.putUserProperty("name", body);
      batch.add(message);
    }
    clients.producer().send(batch);
    JMSConsumer consumer = receiver(bridge.context(), topic);

    for (String body : List.of("a", "b", "c")) {
      BytesMessage message = Bridge.take(consumer, BytesMessage.class);
      assertThat(text(message)).isEqualTo(body);
      assertThat(message.getStringProperty("JMS_MOIETY_Tags")).isEqualTo("tag-" + body);
      assertThat(message.getStringProperty("name")).isEqualTo(body);
    }
  }

  @Test
  void aTransactionsMessageArrivesWhenItIsCommitted(Clients clients, Bridge bridge)
      throws Exception {
    String topic = clients.topic(1);
    for (LocalTransactionState outcome :
        List.of(LocalTransactionState.ROLLBACK_MESSAGE, LocalTransactionState.COMMIT_MESSAGE)) {
      TransactionMQProducer producer =
          clients.transactionProducer(clients.group(), Decisions.of(outcome, outcome));
      var message = plain(topic, outcome.name());
      message.putUserProperty("name", "value");
      producer.sendMessageInTransaction(message, null);
    }
    JMSConsumer consumer = receiver(bridge.context(), topic);

    BytesMessage message = Bridge.take(consumer, BytesMessage.class);
    assertThat(text(message)).isEqualTo("COMMIT_MESSAGE");
    assertThat(Bridge.propertyNames(message))
        .containsExactlyInAnyOrder("name", "JMSXDeliveryCount");
    assertThat(consumer.receiveNoWait()).isNull();
  }

  @Test
  void allQueuesOfATopicAreReceived(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(4);
    for (var queue : clients.queues(topic)) {
      clients.send(queue, "of queue " + queue.getQueueId());
    }
    JMSConsumer consumer = receiver(bridge.context(), topic);
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      bodies.add(text(Bridge.take(consumer, BytesMessage.class)));
    }

    assertThat(bodies)
        .containsExactlyInAnyOrder("of queue 0", "of queue 1", "of queue 2", "of queue 3");
  }

  @Test
  void whatIsRolledBackComesAgainMarked(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    clients.send(topic, "again", "next");
    JMSContext context = bridge.context(JMSContext.SESSION_TRANSACTED);
    JMSConsumer consumer = receiver(context, topic);
    assertThat(Bridge.take(consumer, BytesMessage.class).getJMSRedelivered()).isFalse();
    context.rollback();

    BytesMessage again = Bridge.take(consumer, BytesMessage.class);
    assertThat(text(again)).isEqualTo("again");
    assertThat(again.getJMSRedelivered()).isTrue();
    assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
    assertThat(text(Bridge.take(consumer, BytesMessage.class))).isEqualTo("next");
    context.commit();
  }

  @Test
  void receiversAndSubscribersAndPlainGroupsAllGetAMessage(Clients clients, Bridge bridge)
      throws Exception {
    String topic = clients.topic(1);
    JMSContext context = bridge.context();
    JMSConsumer receiver = receiver(context, topic);
    JMSConsumer subscriber = context.createConsumer(context.createTopic(topic));
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());
    clients.send(topic, "for all");

    BytesMessage received = Bridge.take(receiver, BytesMessage.class);
    assertThat(text(received)).isEqualTo("for all");
    assertThat(received.getJMSDestination()).isEqualTo(context.createQueue(topic));
    BytesMessage published = Bridge.take(subscriber, BytesMessage.class);
    assertThat(text(published)).isEqualTo("for all");
    assertThat(published.getJMSDestination()).isEqualTo(context.createTopic(topic));
    assertThat(Inbox.body(inbox.take())).isEqualTo("for all");
  }
}
