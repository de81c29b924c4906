package io.moiety.jms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.jms.AlsoOverABreakingNetwork.Excepted;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import java.util.UUID;
import java.util.Vector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AlsoOverABreakingNetwork
class MessageRoundTripTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Session session;
  private Queue queue;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    session = connection.createSession();
    queue = session.createQueue(EmbeddedBroker.uniqueName("messages"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  private <M extends Message> M roundTrip(M sent, Class<M> type) throws Exception {
    try (MessageProducer producer = session.createProducer(queue)) {
      producer.send(sent);
    }
    MessageConsumer consumer = session.createConsumer(queue);
    Message received = consumer.receive(5_000);
    while (!sent.getJMSMessageID().equals(received.getJMSMessageID())) {
      assertThat(received.getJMSRedelivered()).as("one of before").isTrue();
      received = consumer.receive(5_000);
    }
    assertThat(received).isInstanceOf(type);
    return type.cast(received);
  }

  @Test
  void textArrivesAsItWas() throws Exception {
    String text = "Grüße, \u0001\u0002 and 🐘";
    assertThat(roundTrip(session.createTextMessage(text), TextMessage.class).getText())
        .isEqualTo(text);
  }

  @Test
  void nullTextAndEmptyTextStayDifferent() throws Exception {
    assertThat(roundTrip(session.createTextMessage(), TextMessage.class).getText()).isNull();
    assertThat(roundTrip(session.createTextMessage(""), TextMessage.class).getText()).isEmpty();
  }

  @Test
  void messageWithoutBodyArrives() throws Exception {
    Message sent = session.createMessage();
    sent.setStringProperty("only", "properties");
    Message received = roundTrip(sent, Message.class);
    assertThat(received.getStringProperty("only")).isEqualTo("properties");
    assertThat(received).isNotInstanceOf(BytesMessage.class);
  }

  @Test
  void bytesAreReadInTheOrderTheyWereWritten() throws Exception {
    BytesMessage sent = session.createBytesMessage();
    sent.writeInt(42);
    sent.writeUTF("text");
    sent.writeDouble(1.5);
    BytesMessage received = roundTrip(sent, BytesMessage.class);
    assertThat(received.readInt()).isEqualTo(42);
    assertThat(received.readUTF()).isEqualTo("text");
    assertThat(received.readDouble()).isEqualTo(1.5);
    assertThat(received.readBytes(new byte[1])).isEqualTo(-1);
  }

  @Test
  void mapKeepsNamesTypesAndNull() throws Exception {
    MapMessage sent = session.createMapMessage();
    sent.setLong("long", Long.MIN_VALUE);
    sent.setChar("char", 'ß');
    sent.setBytes("bytes", new byte[] {1, 2, 3});
    sent.setString("nothing", null);
    MapMessage received = roundTrip(sent, MapMessage.class);
    assertThat(received.getLong("long")).isEqualTo(Long.MIN_VALUE);
    assertThat(received.getChar("char")).isEqualTo('ß');
    assertThat(received.getBytes("bytes")).containsExactly(1, 2, 3);
    assertThat(received.itemExists("nothing")).isTrue();
    assertThat(received.getString("nothing")).isNull();
  }

  @Test
  void streamKeepsOrderAndTypes() throws Exception {
    StreamMessage sent = session.createStreamMessage();
    sent.writeShort((short) 7);
    sent.writeString("8");
    sent.writeBytes(new byte[] {9});
    StreamMessage received = roundTrip(sent, StreamMessage.class);
    assertThat(received.readInt()).isEqualTo(7);
    assertThat(received.readLong()).isEqualTo(8);
    assertThat(received.readObject()).isEqualTo(new byte[] {9});
  }

  @Test
  void objectIsReadOnlyWhenItsClassIsTrusted() throws Exception {
    ObjectMessage untrusted =
        roundTrip(session.createObjectMessage(new TreeMap<>(Map.of("a", 1))), ObjectMessage.class);
    assertThatThrownBy(untrusted::getObject)
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining("trustedClasses");

    connection.close();
    MoietyConnectionFactory trusting = BROKER.factory();
    trusting.setTrustedClasses("java.util.TreeMap");
    connection = trusting.createConnection();
    connection.start();
    session = connection.createSession();
    ObjectMessage trusted =
        roundTrip(session.createObjectMessage(new TreeMap<>(Map.of("a", 1))), ObjectMessage.class);
    assertThat(trusted.getObject()).isEqualTo(Map.of("a", 1));
  }

  @Test
  @SuppressWarnings({"JdkObsolete", "JavaUtilDate"}) // They are what older applications send.
  void listsTimesAndIdsNeedNoTrust() throws Exception {
    Stack<Object> values = new Stack<>();
    values.add(1.5);
    values.add(new Date(5));
    values.add(Instant.EPOCH);
    values.add(LocalDate.EPOCH);
    values.add(new UUID(1, 2));
    values.add(new Timestamp(6));
    values.add(Arrays.asList(1, "b"));
    values.add(Collections.unmodifiableList(new ArrayList<>(List.of(2L))));
    values.add(Collections.unmodifiableList(new LinkedList<>(List.of((short) 3))));
    values.add(Collections.singletonList('c'));
    values.add(Collections.emptyList());
    values.add(new String[] {"a"});
    List<Serializable> lists =
        List.of(values, new Vector<>(values), new ArrayList<>(values), new LinkedList<>(values));
    for (Serializable list : lists) {
      ObjectMessage received = roundTrip(session.createObjectMessage(list), ObjectMessage.class);
      assertThat((List<?>) received.getObject()).usingRecursiveComparison().isEqualTo(values);
    }
    for (Object hidden : List.of(new HashSet<>(), new Hashtable<>(), List.of(1, 2, 3), Set.of(1))) {
      ObjectMessage hiding =
          roundTrip(
              session.createObjectMessage(new ArrayList<>(List.of(hidden))), ObjectMessage.class);
      assertThatThrownBy(hiding::getObject)
          .isInstanceOf(MessageFormatException.class)
          .hasMessageContaining("trustedClasses");
    }
  }

  @Test
  void timestampIsNotToldWhereTheProducerWantsNone() throws Exception {
    MessageProducer producer = session.createProducer(queue);
    producer.setDisableMessageTimestamp(true);
    producer.setDeliveryDelay(1);
    TextMessage delayed = session.createTextMessage("delayed");
    producer.send(delayed);
    assertThat(producer.getDisableMessageTimestamp()).isTrue();
    assertThat(delayed.getJMSTimestamp()).isZero();
    try (MessageConsumer choosy = session.createConsumer(queue, "JMSTimestamp = 0")) {
      Message received = choosy.receive(5_000);
      assertThat(received.getJMSTimestamp()).isZero();
      assertThat(received.getJMSDeliveryTime())
          .isEqualTo(delayed.getJMSDeliveryTime())
          .isPositive();
    }
    producer.setDeliveryDelay(0);
    producer.send(session.createMessage());
    producer.setDisableMessageTimestamp(false);
    producer.send(session.createMessage());
    MessageConsumer consumer = session.createConsumer(queue);
    assertThat(consumer.receive(5_000).getJMSTimestamp()).isZero();
    assertThat(consumer.receive(5_000).getJMSTimestamp()).isPositive();
  }

  @Test
  void deliveryCountStaysWhenPropertiesAreCleared() throws Exception {
    TextMessage sent = session.createTextMessage("x");
    sent.setStringProperty("mine", "y");
    Message received = roundTrip(sent, TextMessage.class);
    received.clearProperties();
    Enumeration<?> left = received.getPropertyNames();
    assertThat(left.nextElement()).isEqualTo("JMSXDeliveryCount");
    assertThat(left.hasMoreElements()).isFalse();
  }

  @Test
  void headersArriveAsTheyWereStamped() throws Exception {
    TextMessage sent = session.createTextMessage("x");
    sent.setJMSCorrelationID("correlation");
    sent.setJMSType("type");
    sent.setJMSReplyTo(session.createTopic("replies"));
    MessageProducer producer = session.createProducer(queue);
    long before = System.currentTimeMillis();
    producer.send(sent, DeliveryMode.NON_PERSISTENT, 7, 60_000);
    Message received = session.createConsumer(queue).receive(5_000);
    assertThat(received.getJMSMessageID()).startsWith("ID:").isEqualTo(sent.getJMSMessageID());
    assertThat(received.getJMSTimestamp()).isBetween(before, System.currentTimeMillis());
    assertThat(received.getJMSTimestamp()).isEqualTo(sent.getJMSTimestamp());
    assertThat(received.getJMSExpiration()).isEqualTo(received.getJMSTimestamp() + 60_000);
    assertThat(received.getJMSDeliveryTime()).isEqualTo(received.getJMSTimestamp());
    assertThat(received.getJMSPriority()).isEqualTo(7);
    assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
    assertThat(received.getJMSDestination()).isEqualTo(queue);
    assertThat(received.getJMSReplyTo()).isEqualTo(session.createTopic("replies"));
    assertThat(received.getJMSCorrelationID()).isEqualTo("correlation");
    assertThat(received.getJMSType()).isEqualTo("type");
    assertThat(received.getJMSRedelivered()).isFalse();
    assertThat(received.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
  }

  @Test
  void propertiesKeepTheirTypesAlsoUnderReservedNames() throws Exception {
    Message sent = session.createMessage();
    sent.setBooleanProperty("flag", true);
    sent.setByteProperty("tiny", (byte) 1);
    sent.setFloatProperty("ratio", 0.5f);
    sent.setStringProperty("TAGS", "the application's own");
    sent.setStringProperty("empty", "");
    sent.setObjectProperty("nothing", null);
    sent.setStringProperty("JMSXGroupID", "group");
    sent.setIntProperty("JMSXGroupSeq", 3);
    sent.setStringProperty("JMS_MOIETY_Tags", "tag");
    sent.setStringProperty("JMS_MOIETY_Keys", "key1 key2");
    Message received = roundTrip(sent, Message.class);
    assertThat(received.getObjectProperty("flag")).isEqualTo(true);
    assertThat(received.getObjectProperty("tiny")).isEqualTo((byte) 1);
    assertThat(received.getObjectProperty("ratio")).isEqualTo(0.5f);
    assertThat(received.getStringProperty("TAGS")).isEqualTo("the application's own");
    assertThat(received.getStringProperty("empty")).isEmpty();
    assertThat(received.propertyExists("nothing")).isTrue();
    assertThat(received.getStringProperty("JMSXGroupID")).isEqualTo("group");
    assertThat(received.getObjectProperty("JMSXGroupSeq")).isEqualTo(3);
    assertThat(received.getStringProperty("JMS_MOIETY_Tags")).isEqualTo("tag");
    assertThat(received.getStringProperty("JMS_MOIETY_Keys")).isEqualTo("key1 key2");
    assertThat(received.propertyExists("UNIQ_KEY")).isFalse();
    assertThat(received.propertyExists("MSG_REGION")).isFalse();
  }

  @Test
  void receivedMessageIsReadOnlyUntilCleared() throws Exception {
    TextMessage received = roundTrip(session.createTextMessage("x"), TextMessage.class);
    assertThatThrownBy(() -> received.setText("y"))
        .isInstanceOf(MessageNotWriteableException.class);
    assertThatThrownBy(() -> received.setIntProperty("a", 1))
        .isInstanceOf(MessageNotWriteableException.class);
    received.clearBody();
    received.clearProperties();
    received.setText("y");
    received.setIntProperty("a", 1);
    assertThat(received.getText()).isEqualTo("y");
  }

  @Test
  void correlationIdsAreTextOrBytes() throws Exception {
    Message text = session.createMessage();
    text.setJMSCorrelationID("ümlaut");
    assertThat(text.getJMSCorrelationIDAsBytes()).isEqualTo("ümlaut".getBytes(UTF_8));
    Message bytes = session.createMessage();
    byte[] id = {0, -1, 2};
    bytes.setJMSCorrelationIDAsBytes(id);
    id[0] = 9;
    assertThat(roundTrip(bytes, Message.class).getJMSCorrelationIDAsBytes())
        .containsExactly(0, -1, 2);
    bytes.setJMSCorrelationID("text again");
    Message received = roundTrip(bytes, Message.class);
    assertThat(received.getJMSCorrelationID()).isEqualTo("text again");
    assertThat(session.createMessage().getJMSCorrelationIDAsBytes()).isNull();
  }

  @Test
  void queueNamesWithOtherCharactersWork() throws Exception {
    queue = session.createQueue(EmbeddedBroker.uniqueName("jms.queue/ünïcode"));
    assertThat(roundTrip(session.createTextMessage("x"), TextMessage.class).getJMSDestination())
        .isEqualTo(queue);
  }

  @Test
  void bodyAboveTheBrokersLimitIsRefusedWithBothSizes() throws Exception {
    BytesMessage message = session.createBytesMessage();
    message.writeBytes(new byte[5 * 1024 * 1024]);
    MessageProducer producer = session.createProducer(queue);
    assertThatThrownBy(() -> producer.send(message))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining("5242880")
        .hasMessageContaining("maxMessageSize");
  }

  /** All characters of Java, also halves of surrogate pairs, which no UTF-8 holds. */
  private static String everyCharacter() {
    StringBuilder all = new StringBuilder();
    for (int i = Character.MIN_VALUE; i <= Character.MAX_VALUE; i++) {
      all.append((char) i);
    }
    return all.toString();
  }

  @Excepted(because = "no connection lives as long as such a message")
  @Test
  void textOfEveryCharacterArrivesAsItWas() throws Exception {
    String all = everyCharacter();
    assertThat(roundTrip(session.createTextMessage(all), TextMessage.class).getText())
        .isEqualTo(all);
    MapMessage map = session.createMapMessage();
    map.setString("all", all);
    assertThat(roundTrip(map, MapMessage.class).getString("all")).isEqualTo(all);
    StreamMessage stream = session.createStreamMessage();
    stream.writeString(all);
    assertThat(roundTrip(stream, StreamMessage.class).readString()).isEqualTo(all);
    Message message = session.createMessage();
    message.setStringProperty("half", "a\uD800\u0001");
    assertThat(roundTrip(message, Message.class).getStringProperty("half"))
        .isEqualTo("a\uD800\u0001");
  }

  @Test
  void emptyHeadersAreNotAbsentOnes() throws Exception {
    Message message = session.createMessage();
    message.setJMSType("");
    message.setJMSCorrelationID("");
    message.setStringProperty("JMSXGroupID", "");
    Message received = roundTrip(message, Message.class);
    assertThat(received.getJMSType()).isEmpty();
    assertThat(received.getJMSCorrelationID()).isEmpty();
    assertThat(received.getStringProperty("JMSXGroupID")).isEmpty();
    Message none = roundTrip(session.createMessage(), Message.class);
    assertThat(none.getJMSType()).isNull();
    assertThat(none.getJMSCorrelationID()).isNull();
    assertThat(none.propertyExists("JMSXGroupID")).isFalse();
  }

  @Test
  void headersThatAreNoTextAreRefused() throws Exception {
    Message message = session.createMessage();
    message.setJMSType("\uDC00");
    try (MessageProducer producer = session.createProducer(queue)) {
      assertThatThrownBy(() -> producer.send(message)).isInstanceOf(MessageFormatException.class);
    }
  }

  @Test
  void correlationIdsOfBytesAreSelectedByTheirText() throws Exception {
    Message message = session.createMessage();
    message.setJMSCorrelationIDAsBytes("grün".getBytes(StandardCharsets.UTF_8));
    Message binary = session.createMessage();
    binary.setJMSCorrelationIDAsBytes(new byte[] {1, 2, (byte) 0xFF});
    try (MessageProducer producer = session.createProducer(queue)) {
      producer.send(binary);
      producer.send(message);
    }
    try (MessageConsumer consumer = session.createConsumer(queue, "JMSCorrelationID = 'grün'")) {
      Message received = consumer.receive(5_000);
      assertThat(received.getJMSCorrelationIDAsBytes())
          .isEqualTo("grün".getBytes(StandardCharsets.UTF_8));
      assertThat(consumer.receiveNoWait()).isNull();
    }
    try (MessageConsumer consumer = session.createConsumer(queue)) {
      assertThat(consumer.receive(5_000).getJMSCorrelationIDAsBytes()).containsExactly(1, 2, 0xFF);
    }
  }

  @Test
  void selectorsSeeEmptyHeadersAndPropertiesNamedAsThoseOfRocketMq() throws Exception {
    Message message = session.createMessage();
    message.setJMSType("");
    message.setIntProperty("TAGS", 5);
    try (MessageProducer producer = session.createProducer(queue)) {
      producer.send(message);
    }
    try (MessageConsumer consumer = session.createConsumer(queue, "JMSType = '' AND TAGS = 5")) {
      assertThat(consumer.receive(5_000)).isNotNull();
    }
  }
}
