package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import jakarta.jms.XAJMSContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.MessageSelector;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** What applications of Jakarta Messaging send, as RocketMQ's consumers read it. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class BridgeSendsIT {

  private static final Duration LIMIT = Duration.ofSeconds(Inbox.LIMIT_SECONDS);

  /** A message and what a plain client finds of its body. */
  private record Kind(Message message, String bodyHex, Map<String, String> properties) {
    Kind(Message message, byte[] body, Map<String, String> properties) {
      this(message, HexFormat.of().formatHex(body), properties);
    }
  }

  /** As docs/rocketmq-clients.md says. */
  private static List<Kind> kinds(JMSContext context) throws Exception {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    BytesMessage bytes = context.createBytesMessage();
    bytes.writeBytes(all);
    MapMessage map = context.createMapMessage();
    map.setInt("n", 7);
    StreamMessage stream = context.createStreamMessage();
    stream.writeString("ü");
    stream.writeBoolean(true);
    ArrayList<Object> object = new ArrayList<>(List.of("a", 1));
    byte[] blank = {' '};
    return List.of(
        kind(context.createTextMessage("Grüße 🐘"), "Grüße 🐘".getBytes(UTF_8), "text"),
        new Kind(
            context.createTextMessage(""),
            blank,
            Map.of("JMS_BodyType", "text", "JMS_BodyIsEmpty", "true")),
        new Kind(
            context.createTextMessage(),
            blank,
            Map.of("JMS_BodyType", "text", "JMS_BodyIsEmpty", "true", "JMS_BodyIsNull", "true")),
        new Kind(
            context.createTextMessage("a\uD83D"),
            new byte[] {0, 'a', (byte) 0xD8, 0x3D},
            Map.of("JMS_BodyType", "text", "JMS_BodyIsWide", "true")),
        kind(bytes, all, "bytes"),
        kind(map, new byte[] {0, 0, 0, 1, 'n', 'I', 0, 0, 0, 7}, "map"),
        kind(stream, new byte[] {'T', 0, 0, 0, 2, (byte) 0xC3, (byte) 0xBC, 'Z', 1}, "stream"),
        kind(context.createObjectMessage(object), serialized(object), "object"),
        new Kind(
            context.createMessage(),
            blank,
            Map.of("JMS_BodyType", "message", "JMS_BodyIsEmpty", "true")));
  }

  private static Kind kind(Message message, byte[] body, String name) {
    return new Kind(message, body, Map.of("JMS_BodyType", name));
  }

  private static byte[] serialized(Serializable object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Inbox consumed(Clients clients, String topic) throws Exception {
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());
    return inbox;
  }

  private static List<MessageExt> pulled(DefaultMQPullConsumer consumer, MessageQueue queue)
      throws Exception {
    var result = consumer.pull(queue, "*", 0, 32);
    return result.getPullStatus() == PullStatus.FOUND ? result.getMsgFoundList() : List.of();
  }

  @Test
  void eachKindOfMessageIsReadByPushesAndPulls(Clients clients, Bridge bridge) throws Exception {
    MessageQueue queue = clients.queue();
    JMSContext context = bridge.context();
    List<Kind> kinds = kinds(context);
    for (Kind kind : kinds) {
      context.createProducer().send(context.createQueue(queue.getTopic()), kind.message());
    }
    List<MessageExt> pushed = consumed(clients, queue.getTopic()).take(kinds.size());
    pushed.sort((one, other) -> Long.compare(one.getQueueOffset(), other.getQueueOffset()));
    List<MessageExt> pulled = pulled(clients.pullConsumer(clients.group()), queue);

    assertThat(pulled).hasSameSizeAs(kinds);
    for (int i = 0; i < kinds.size(); i++) {
      Kind kind = kinds.get(i);
      for (MessageExt message : List.of(pushed.get(i), pulled.get(i))) {
        assertThat(HexFormat.of().formatHex(message.getBody()))
            .as("%s", kind.properties())
            .isEqualTo(kind.bodyHex());
        assertThat(message.getProperties()).containsAllEntriesOf(kind.properties());
        assertThat("ID:" + message.getMsgId()).isEqualTo(kind.message().getJMSMessageID());
      }
    }
  }

  @Test
  void theOtherKindsOfConsumersReadItToo(Clients clients, Bridge bridge) throws Exception {
    MessageQueue queue = clients.queue();
    JMSContext context = bridge.context();
    context.createProducer().send(context.createQueue(queue.getTopic()), "hello");
    Inbox orderly = new Inbox();
    clients.consumeOrderly(
        clients.pushConsumer(clients.group()), queue.getTopic(), orderly.orderly());
    DefaultLitePullConsumer polling = clients.litePullConsumer(clients.group());
    polling.subscribe(queue.getTopic(), "*");
    clients.started(polling);
    List<MessageExt> polled = new ArrayList<>();
    await().atMost(LIMIT).until(() -> polled.addAll(polling.poll(1_000)));

    assertThat(Inbox.body(orderly.take())).isEqualTo("hello");
    assertThat(Inbox.bodies(polled)).containsExactly("hello");
  }

  @Test
  void propertiesOfEveryTypeAreTextAndTheirTypesAreTold(Clients clients, Bridge bridge)
      throws Exception {
    String topic = clients.topic(1);
    JMSContext context = bridge.context();
    Message message = context.createMessage();
    message.setBooleanProperty("boolean", true);
    message.setByteProperty("byte", (byte) -1);
    message.setShortProperty("short", (short) 2);
    message.setIntProperty("int", 3);
    message.setLongProperty("long", Long.MIN_VALUE);
    message.setFloatProperty("float", 1.5f);
    message.setDoubleProperty("double", 0.1);
    message.setStringProperty("text", "grün");
    message.setStringProperty("empty", "");
    message.setStringProperty("separator", "a\u0001b");
    message.setStringProperty("wide", "\uD83D");
    message.setObjectProperty("nothing", null);
    message.setStringProperty("TAGS", "the application's own");
    context.createProducer().send(context.createQueue(topic), message);

    Map<String, String> read = consumed(clients, topic).take().getProperties();
    assertThat(read)
        .containsEntry("boolean", "true")
        .containsEntry("byte", "-1")
        .containsEntry("short", "2")
        .containsEntry("int", "3")
        .containsEntry("long", "-9223372036854775808")
        .containsEntry("float", "1.5")
        .containsEntry("double", "0.1")
        .containsEntry("text", "grün")
        .containsEntry("separator", "610162")
        .containsEntry("wide", "d83d")
        .containsEntry("JMS__TAGS", "the application's own")
        .doesNotContainKeys("nothing", "TAGS");
    assertThat(read.getOrDefault("empty", "")).isEmpty();
    assertThat(read.get("__JMS_TYPES").split(","))
        .containsExactlyInAnyOrder(
            "boolean:Z",
            "byte:B",
            "short:S",
            "int:I",
            "long:L",
            "float:F",
            "double:D",
            "empty:T",
            "separator:T",
            "wide:U",
            "nothing:N");
  }

  @Test
  void headersAreProperties(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    JMSContext context = bridge.context();
    Queue queue = context.createQueue(topic);
    Message message = context.createTextMessage("hello");
    message.setStringProperty("JMSXGroupID", "group");
    message.setIntProperty("JMSXGroupSeq", 3);
    context
        .createProducer()
        .setJMSCorrelationID("request 1")
        .setJMSType("order")
        .setJMSReplyTo(context.createTopic("answers"))
        .setPriority(9)
        .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
        .setTimeToLive(600_000)
        .send(queue, message);
    MessageExt read = consumed(clients, topic).take();

    assertThat(read.getProperties())
        .containsEntry("CORRELATION_ID", "request 1")
        .containsEntry("JMS_Type", "order")
        .containsEntry("JMS_ReplyTo", "topic://answers")
        .containsEntry("JMS_Destination", "queue://" + topic)
        .containsEntry("JMS_Priority", "9")
        .containsEntry("JMS_DeliveryMode", "1")
        .containsEntry("JMS_Expiration", String.valueOf(message.getJMSExpiration()))
        .containsEntry("JMSXGroupID", "group")
        .containsEntry("JMSXGroupSeq", "3");
    assertThat(read.getBornTimestamp()).isEqualTo(message.getJMSTimestamp());
    assertThat("ID:" + read.getMsgId()).isEqualTo(message.getJMSMessageID());
  }

  @Test
  void headersThatAreNotSetAreNoProperties(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    JMSContext context = bridge.context();
    context.createProducer().send(context.createQueue(topic), "hello");

    assertThat(consumed(clients, topic).take().getProperties())
        .doesNotContainKeys(
            "CORRELATION_ID",
            "JMS_Type",
            "JMS_ReplyTo",
            "JMS_Priority",
            "JMS_DeliveryMode",
            "JMS_Expiration",
            "JMS_DeliveryTime",
            "JMSXGroupID",
            "TAGS",
            "KEYS");
  }

  @Test
  void tagsChooseAndKeysAndIdsFindMessages(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    JMSContext context = bridge.context();
    Queue queue = context.createQueue(topic);
    JMSProducer producer = context.createProducer();
    producer.setProperty("JMS_MOIETY_Tags", "blue").send(queue, "of another tag");
    producer.setProperty("JMS_MOIETY_Tags", "red").setProperty("JMS_MOIETY_Keys", "k1 k2");
    Message sent = context.createTextMessage("wanted");
    producer.send(queue, sent);
    Inbox inbox = new Inbox();
    clients.consume(clients.pushConsumer(clients.group()), topic, "red", inbox.listener());

    MessageExt read = inbox.take();
    assertThat(Inbox.body(read)).isEqualTo("wanted");
    assertThat(read.getKeys()).isEqualTo("k1 k2");
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        Inbox.bodies(
                            clients
                                .admin()
                                .queryMessage(topic, "k2", 10, 0, Long.MAX_VALUE)
                                .getMessageList()))
                    .containsExactly("wanted"));
    String id = sent.getJMSMessageID().substring("ID:".length());
    assertThat(Inbox.body(clients.admin().viewMessage(topic, id))).isEqualTo("wanted");
  }

  @Test
  void expressionsChooseByProperties(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    JMSContext context = bridge.context();
    Queue queue = context.createQueue(topic);
    for (int size : List.of(2, 5, 10)) {
      context
          .createProducer()
          .setProperty("size", size)
          .setProperty("colour", size > 5 ? "blue" : "red")
          .send(queue, "size " + size);
    }
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.subscribe(topic, MessageSelector.bySql("size > 3 AND colour = 'red'"));
    consumer.registerMessageListener(inbox.listener());
    clients.started(consumer);

    assertThat(Inbox.body(inbox.take())).isEqualTo("size 5");
    context.createProducer().setProperty("size", 4).setProperty("colour", "red").send(queue, "end");
    assertThat(Inbox.body(inbox.take())).isEqualTo("end");
  }

  @Test
  void aDelayedMessageComesAtItsDeliveryTime(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    JMSContext context = bridge.context();
    Queue queue = context.createQueue(topic);
    Message delayed = context.createTextMessage("delayed");
    context.createProducer().setDeliveryDelay(2_000).send(queue, delayed);
    context.createProducer().send(queue, "at once");
    Inbox inbox = consumed(clients, topic);

    assertThat(Inbox.body(inbox.take())).isEqualTo("at once");
    MessageExt read = inbox.take();
    assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(delayed.getJMSDeliveryTime());
    assertThat(Inbox.body(read)).isEqualTo("delayed");
    assertThat(read.getUserProperty("JMS_DeliveryTime"))
        .isEqualTo(String.valueOf(delayed.getJMSDeliveryTime()));
  }

  /** Expiry is Jakarta Messaging's: a plain client that minds it compares the property. */
  @Test
  void aMessageWhoseTimeToLiveIsOverIsReadAllTheSame(Clients clients, Bridge bridge)
      throws Exception {
    MessageQueue queue = clients.queue();
    JMSContext context = bridge.context();
    Queue destination = context.createQueue(queue.getTopic());
    Message expiring = context.createTextMessage("expired");
    context.createProducer().setTimeToLive(1).send(destination, expiring);
    await().atMost(LIMIT).until(() -> System.currentTimeMillis() > expiring.getJMSExpiration() + 1);
    context.createProducer().send(destination, "after it");

    assertThat(Bridge.take(context.createConsumer(destination), TextMessage.class).getText())
        .isEqualTo("after it");
    List<MessageExt> pulled = pulled(clients.pullConsumer(clients.group()), queue);
    assertThat(Inbox.bodies(pulled)).containsExactly("expired", "after it");
    assertThat(pulled.get(0).getUserProperty("JMS_Expiration"))
        .isEqualTo(String.valueOf(expiring.getJMSExpiration()));
  }

  @Test
  void aTransactionsMessagesAreReadWhenItIsCommitted(Clients clients, Bridge bridge)
      throws Exception {
    MessageQueue queue = clients.queue();
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    JMSContext context = bridge.context(JMSContext.SESSION_TRANSACTED);
    Queue destination = context.createQueue(queue.getTopic());
    context.createProducer().send(destination, "rolled back");
    context.rollback();
    context.createProducer().send(destination, "one").send(destination, "two");
    assertThat(pulled(consumer, queue)).isEmpty();
    context.commit();

    assertThat(Inbox.bodies(pulled(consumer, queue))).containsExactly("one", "two");
  }

  /** A branch of a transaction manager that is this test. */
  private record TestXid(String global) implements Xid {
    @Override
    public int getFormatId() {
      return 1;
    }

    @Override
    public byte[] getGlobalTransactionId() {
      return global.getBytes(UTF_8);
    }

    @Override
    public byte[] getBranchQualifier() {
      return new byte[] {1};
    }
  }

  @Test
  void aBranchsMessagesAreReadWhenItsManagerCommits(Clients clients, Bridge bridge)
      throws Exception {
    MessageQueue queue = clients.queue();
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    XAJMSContext context = bridge.xaContext();
    XAResource resource = context.getXAResource();
    Xid xid = new TestXid(queue.getTopic());
    resource.start(xid, XAResource.TMNOFLAGS);
    context.createProducer().send(context.createQueue(queue.getTopic()), "of a branch");
    resource.end(xid, XAResource.TMSUCCESS);
    assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
    assertThat(pulled(consumer, queue)).isEmpty();
    resource.commit(xid, false);

    List<MessageExt> pulled = pulled(consumer, queue);
    assertThat(Inbox.bodies(pulled)).containsExactly("of a branch");
    assertThat(pulled.get(0).getProperties()).containsEntry("JMS_BodyType", "text");
  }

  /** Letters, digits and {@code % | _ -} stay; others are {@code %} and the bytes of UTF-8. */
  @Test
  void aDestinationOfAnyNameIsATopicThatClientsCanName(Clients clients, Bridge bridge)
      throws Exception {
    String unique = clients.topic();
    JMSContext context = bridge.context();
    context.createProducer().send(context.createTopic(unique + "/für EU"), "hello");

    assertThat(Inbox.body(consumed(clients, unique + "%2Ff%C3%BCr%20EU").take()))
        .isEqualTo("hello");
  }

  @Test
  void aGroupGetsWhatAReceiverTookToo(Clients clients, Bridge bridge) throws Exception {
    String topic = clients.topic(1);
    JMSContext context = bridge.context();
    Queue queue = context.createQueue(topic);
    context.createProducer().send(queue, "hello");
    assertThat(Bridge.take(context.createConsumer(queue), TextMessage.class).getText())
        .isEqualTo("hello");

    assertThat(Inbox.body(consumed(clients, topic).take())).isEqualTo("hello");
  }
}
