package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.WideText;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Messages of every kind, with any body, headers and properties, through a real broker: what
 * arrives is what was sent.
 */
class MessageRoundTripPropertyTest {

  private static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static Connection connection;
  private static Session session;
  private static Session transacted;
  private static Map<Destination, MessageConsumer> consumers;

  @BeforeContainer
  static void connect() throws Exception {
    BROKER.start();
    connection = BROKER.factory().createConnection();
    connection.start();
    session = connection.createSession();
    transacted = connection.createSession(Session.SESSION_TRANSACTED);
    consumers = new HashMap<>();
    for (Destination destination : DESTINATIONS) {
      consumers.put(destination, session.createConsumer(destination));
    }
  }

  @AfterContainer
  static void close() throws Exception {
    connection.close();
    BROKER.stop();
  }

  private static final List<Destination> DESTINATIONS =
      List.of(new MoietyQueue("any message/queue"), new MoietyTopic("any message/topic"));

  /** What makes a message of one kind, and knows it when it sees it. */
  private sealed interface Body {
    Message make() throws JMSException;

    void assertArrived(Message message) throws JMSException;
  }

  private record None() implements Body {
    @Override
    public Message make() throws JMSException {
      return session.createMessage();
    }

    @Override
    public void assertArrived(Message message) {
      assertThat(message)
          .isNotInstanceOfAny(
              TextMessage.class,
              BytesMessage.class,
              MapMessage.class,
              StreamMessage.class,
              ObjectMessage.class);
    }
  }

  private record Text(String text) implements Body {
    @Override
    public Message make() throws JMSException {
      return session.createTextMessage(text);
    }

    @Override
    public void assertArrived(Message message) throws JMSException {
      assertThat(((TextMessage) message).getText()).isEqualTo(text);
    }
  }

  private record Bytes(List<Byte> bytes) implements Body {
    @Override
    public Message make() throws JMSException {
      BytesMessage message = session.createBytesMessage();
      for (byte each : bytes) {
        message.writeByte(each);
      }
      return message;
    }

    @Override
    public void assertArrived(Message message) throws JMSException {
      BytesMessage arrived = (BytesMessage) message;
      assertThat(arrived.getBodyLength()).isEqualTo(bytes.size());
      for (byte each : bytes) {
        assertThat(arrived.readByte()).isEqualTo(each);
      }
    }
  }

  private record Entries(Map<String, Object> entries) implements Body {
    @Override
    public Message make() throws JMSException {
      MapMessage message = session.createMapMessage();
      for (var entry : entries.entrySet()) {
        message.setObject(entry.getKey(), entry.getValue());
      }
      return message;
    }

    @Override
    public void assertArrived(Message message) throws JMSException {
      MapMessage arrived = (MapMessage) message;
      assertThat(names(arrived.getMapNames())).isEqualTo(new TreeSet<>(entries.keySet()));
      for (var entry : entries.entrySet()) {
        assertThat(arrived.getObject(entry.getKey())).isEqualTo(entry.getValue());
      }
    }
  }

  private record Elements(List<Object> elements) implements Body {
    @Override
    public Message make() throws JMSException {
      StreamMessage message = session.createStreamMessage();
      for (Object element : elements) {
        message.writeObject(element);
      }
      return message;
    }

    @Override
    public void assertArrived(Message message) throws JMSException {
      StreamMessage arrived = (StreamMessage) message;
      List<Object> read = new ArrayList<>();
      try {
        while (true) {
          read.add(arrived.readObject());
        }
      } catch (MessageEOFException ended) {
        assertThat(read).usingRecursiveComparison().isEqualTo(elements);
      }
    }
  }

  private record Serialized(Serializable object) implements Body {
    @Override
    public Message make() throws JMSException {
      return session.createObjectMessage(object);
    }

    @Override
    public void assertArrived(Message message) throws JMSException {
      assertThat(((ObjectMessage) message).getObject()).isEqualTo(object);
    }
  }

  /** What a message says besides its body; null is not set. */
  private record Headers(
      String correlationId,
      List<Byte> correlationBytes,
      String type,
      Destination replyTo,
      int priority,
      boolean isPersistent,
      long timeToLiveMillis,
      boolean isTimestamped) {

    void set(Message message) throws JMSException {
      if (correlationBytes == null) {
        message.setJMSCorrelationID(correlationId);
      } else {
        message.setJMSCorrelationIDAsBytes(array(correlationBytes));
      }
      message.setJMSType(type);
      message.setJMSReplyTo(replyTo);
    }

    void set(MessageProducer producer) throws JMSException {
      producer.setPriority(priority);
      producer.setDeliveryMode(
          isPersistent ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT);
      producer.setTimeToLive(timeToLiveMillis);
      producer.setDisableMessageTimestamp(!isTimestamped);
    }

    void assertArrived(Message message) throws JMSException {
      if (correlationBytes == null) {
        assertThat(message.getJMSCorrelationID()).isEqualTo(correlationId);
      } else {
        assertThat(message.getJMSCorrelationIDAsBytes()).isEqualTo(array(correlationBytes));
      }
      assertThat(message.getJMSType()).isEqualTo(type);
      assertThat(message.getJMSReplyTo()).isEqualTo(replyTo);
      assertThat(message.getJMSPriority()).isEqualTo(priority);
      assertThat(message.getJMSDeliveryMode() == DeliveryMode.PERSISTENT).isEqualTo(isPersistent);
      assertThat(message.getJMSTimestamp() != 0).isEqualTo(isTimestamped);
      assertThat(message.getJMSExpiration() != 0).isEqualTo(timeToLiveMillis != 0);
    }
  }

  private static byte[] array(List<Byte> bytes) {
    byte[] array = new byte[bytes.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = bytes.get(i);
    }
    return array;
  }

  private static Set<String> names(Enumeration<?> names) {
    Set<String> all = new TreeSet<>();
    Collections.list(names).forEach(name -> all.add((String) name));
    return all;
  }

  /** Also text that is none in Unicode, and the characters by which RocketMQ parts properties. */
  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(20),
        Arbitraries.strings().withChars("a\u0001\u0002:,üß🐘\uD83D\uDC18 ").ofMaxLength(9));
  }

  /** What a header can hold. */
  private static Arbitrary<String> headerTexts() {
    return texts()
        .filter(text -> !WideText.isNeededFor(text))
        .map(text -> text.replace('\u0001', '1').replace('\u0002', '2'));
  }

  private static Arbitrary<Serializable> objects() {
    Arbitrary<Serializable> simple =
        Arbitraries.oneOf(
            texts(),
            Arbitraries.integers(),
            Arbitraries.doubles(),
            Arbitraries.longs().map(BigDecimal::valueOf),
            Arbitraries.longs().map(millis -> Instant.ofEpochMilli(millis >> 20)),
            Arbitraries.longs().map(bits -> new UUID(bits, ~bits)));
    return Arbitraries.oneOf(simple, simple.list().ofMaxSize(5).map(ArrayList::new));
  }

  @Provide
  Arbitrary<Body> bodies() {
    Arbitrary<Object> values = AnyValue.ofEntry(texts());
    Arbitrary<String> entryNames =
        texts().filter(name -> !name.isEmpty() && !WideText.isNeededFor(name));
    return Arbitraries.oneOf(
        Arbitraries.just(new None()),
        texts().injectNull(0.1).map(Text::new),
        Arbitraries.bytes().list().ofMaxSize(300).map(Bytes::new),
        Arbitraries.maps(entryNames, values.injectNull(0.1)).ofMaxSize(9).map(Entries::new),
        values.injectNull(0.1).list().ofMaxSize(9).map(Elements::new),
        objects().injectNull(0.1).map(Serialized::new));
  }

  @Provide
  Arbitrary<Map<String, Object>> properties() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.strings().alpha().ofMaxLength(9).map(name -> "_" + name + "ü"),
            Arbitraries.of(
                "TAGS", "KEYS", "UNIQ_KEY", "WAIT", "DELAY", "__CRC32", "JMS_Type", "$"));
    Arbitrary<Map<String, Object>> own =
        Arbitraries.maps(names, AnyValue.ofProperty(texts()).injectNull(0.1)).ofMaxSize(9);
    Arbitrary<Map<String, Object>> known =
        Arbitraries.maps(
                Arbitraries.of("JMSXGroupID", "JMS_MOIETY_Tags", "JMS_MOIETY_Keys"),
                headerTexts().filter(text -> !text.isBlank()).map(text -> (Object) text))
            .ofMaxSize(3);
    return Combinators.combine(own, known)
        .as(
            (some, others) -> {
              Map<String, Object> both = new TreeMap<>(some);
              both.putAll(others);
              return both;
            });
  }

  @Provide
  Arbitrary<Headers> headers() {
    Arbitrary<List<Byte>> bytes = Arbitraries.bytes().list().ofMinSize(1).ofMaxSize(9);
    return Combinators.combine(
            headerTexts().injectNull(0.3),
            bytes.injectNull(0.7),
            headerTexts().injectNull(0.3),
            Arbitraries.of(DESTINATIONS).injectNull(0.5),
            Arbitraries.integers().between(0, 9),
            Arbitraries.of(true, false),
            Arbitraries.of(0L, 600_000L, Long.MAX_VALUE),
            Arbitraries.of(true, true, false))
        .as(Headers::new);
  }

  @Provide
  Arbitrary<Destination> destinations() {
    return Arbitraries.of(DESTINATIONS);
  }

  @Property(tries = 300)
  void everyMessageArrivesAsItWasSent(
      @ForAll("bodies") Body body,
      @ForAll("headers") Headers headers,
      @ForAll("properties") Map<String, Object> properties,
      @ForAll("destinations") Destination destination,
      @ForAll boolean inTransaction)
      throws Exception {
    Message sent = body.make();
    headers.set(sent);
    for (var property : properties.entrySet()) {
      sent.setObjectProperty(property.getKey(), property.getValue());
    }
    Session sending = inTransaction ? transacted : session;
    try (MessageProducer producer = sending.createProducer(destination)) {
      headers.set(producer);
      producer.send(sent);
    }
    if (inTransaction) {
      transacted.commit();
    }

    Message arrived = received(destination, sent.getJMSMessageID());
    assertThat(arrived.getJMSDestination()).isEqualTo(destination);
    assertThat(arrived.getJMSTimestamp()).isEqualTo(sent.getJMSTimestamp());
    assertThat(arrived.getJMSExpiration()).isEqualTo(sent.getJMSExpiration());
    assertThat(arrived.getJMSDeliveryTime()).isEqualTo(sent.getJMSDeliveryTime());
    assertThat(arrived.getJMSRedelivered()).isFalse();
    body.assertArrived(arrived);
    headers.assertArrived(arrived);
    assertProperties(arrived, properties);
  }

  /** Passes over what a failed try left. */
  private static Message received(Destination destination, String id) throws JMSException {
    while (true) {
      Message message = consumers.get(destination).receive(10_000);
      assertThat(message).isNotNull();
      if (message.getJMSMessageID().equals(id)) {
        return message;
      }
    }
  }

  private static void assertProperties(Message arrived, Map<String, Object> properties)
      throws JMSException {
    Set<String> names = new HashSet<>(properties.keySet());
    names.add("JMSXDeliveryCount");
    assertThat(names(arrived.getPropertyNames())).isEqualTo(names);
    for (var property : properties.entrySet()) {
      assertThat(arrived.getObjectProperty(property.getKey())).isEqualTo(property.getValue());
    }
  }
}
