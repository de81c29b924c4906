package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.Delivery;
import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.RecordView;
import jakarta.jms.BytesMessage;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

  private static final MoietyQueue QUEUE = new MoietyQueue("orders");

  private final MessageDecoder decoder = new MessageDecoder(TrustedClasses.parse(""));

  private Message roundTrip(JmsMessage message) throws JMSException {
    return decode(Records.stored(MessageEncoder.encode(message, "orders", 0, "sender", 1_000)), 1);
  }

  private Message decode(RecordView record, int deliveryCount) throws JMSException {
    Delivery delivery = new Delivery(1, 0, 0, deliveryCount, record);
    return decoder.decode(delivery, QUEUE, JmsMessage.Acknowledgement.NOTHING);
  }

  @Provide
  Arbitrary<Map<String, Object>> properties() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12).map(name -> "p" + name),
            Arbitraries.of("TAGS", "KEYS", "UNIQ_KEY", "WAIT", "__internal", "JMS_Vendor_X", "$a"));
    Arbitrary<Object> values = AnyValue.ofProperty(Arbitraries.strings().ofMaxLength(20));
    return Arbitraries.maps(names, values.injectNull(0.05)).ofMaxSize(10);
  }

  @Property(tries = 300)
  void propertiesOfAnyNameAndTypeArriveAsTheyWereSet(
      @ForAll("properties") Map<String, Object> properties) throws Exception {
    JmsMessage message = new JmsMessage();
    for (var property : properties.entrySet()) {
      message.setObjectProperty(property.getKey(), property.getValue());
    }
    Message received = roundTrip(message);
    for (var property : properties.entrySet()) {
      assertThat(received.getObjectProperty(property.getKey())).isEqualTo(property.getValue());
      assertThat(received.propertyExists(property.getKey())).isTrue();
    }
  }

  @Test
  void deliveryCountMakesMessageRedelivered() throws Exception {
    RecordView record = Records.plain("x", 0, Map.of());
    assertThat(decode(record, 1).getJMSRedelivered()).isFalse();
    assertThat(decode(record, 3).getJMSRedelivered()).isTrue();
    assertThat(decode(record, 3).getIntProperty("JMSXDeliveryCount")).isEqualTo(3);
  }

  @Test
  void messageOfPlainRocketMqClientIsBytesWithItsTagsKeysAndProperties() throws Exception {
    Map<String, String> stored = new LinkedHashMap<>();
    stored.put("UNIQ_KEY", "ABC");
    stored.put("TAGS", "TagA");
    stored.put("KEYS", "k1 k2");
    stored.put("MSG_REGION", "DefaultRegion");
    stored.put("custom-property", "value");
    BytesMessage message = (BytesMessage) decode(Records.plain("body", 0, stored), 1);
    byte[] body = new byte[4];
    assertThat(message.readBytes(body)).isEqualTo(4);
    assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("body");
    assertThat(message.getJMSMessageID()).isEqualTo("ID:ABC");
    assertThat(message.getJMSDestination()).isEqualTo(QUEUE);
    assertThat(message.getStringProperty("JMS_MOIETY_Tags")).isEqualTo("TagA");
    assertThat(message.getStringProperty("JMS_MOIETY_Keys")).isEqualTo("k1 k2");
    assertThat(message.getStringProperty("custom-property")).isEqualTo("value");
    assertThat(message.propertyExists("MSG_REGION")).isFalse();
    assertThat(message.getJMSPriority()).isEqualTo(4);
  }

  @Test
  void headersThatAreNotWhatTheyShouldBeReadAsAbsent() throws Exception {
    Map<String, String> stored =
        Map.of(
            "JMS_Priority", "high",
            "JMS_Expiration", "never",
            "JMS_ReplyTo", "nowhere",
            "JMS_BodyType", "hologram");
    Message message = decode(Records.plain("x", 0, stored), 1);
    assertThat(message.getJMSPriority()).isEqualTo(4);
    assertThat(message.getJMSExpiration()).isZero();
    assertThat(message.getJMSReplyTo()).isNull();
    assertThat(message).isInstanceOf(BytesMessage.class);
    assertThat(decode(Records.plain("x", 0, Map.of("JMS_Priority", "12")), 1).getJMSPriority())
        .isEqualTo(4);
  }

  @Test
  void compressedBodyIsInflatedAndOneThatIsDamagedOrOfAnotherMethodGivenAsStored()
      throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(compressed)) {
      deflater.write("a long text ".repeat(100).getBytes(StandardCharsets.UTF_8));
    }
    RecordView record =
        Records.plain(
            compressed.toString(StandardCharsets.ISO_8859_1), 0, Map.of("JMS_BodyType", "text"));
    assertThat(record.body().remaining()).isPositive();
    OutgoingMessage stored =
        new OutgoingMessage(
            "topic",
            0,
            record.properties(),
            java.nio.ByteBuffer.wrap(compressed.toByteArray()),
            0,
            0x301,
            1,
            Optional.empty());
    assertThat(((TextMessage) decode(Records.stored(stored), 1)).getText())
        .isEqualTo("a long text ".repeat(100));
    BytesMessage damaged = (BytesMessage) decode(Records.plain("not deflated", 0x301, Map.of()), 1);
    assertThat(damaged.getBodyLength()).isEqualTo(12);
    BytesMessage lz4 = (BytesMessage) decode(Records.plain("another method", 0x101, Map.of()), 1);
    assertThat(lz4.getBodyLength()).isEqualTo(14);
  }

  /** RocketMQ's consumers expect a byte in each body; those of 4.9 stop at a message without. */
  @Test
  void everyBodyIsStoredWithAByteAndArrivesAsItWas() throws Exception {
    for (JmsMessage empty :
        List.of(
            new JmsMessage(),
            new JmsTextMessage(""),
            new JmsTextMessage(null),
            new JmsBytesMessage(),
            new JmsMapMessage(),
            new JmsStreamMessage(),
            new JmsObjectMessage())) {
      OutgoingMessage stored = MessageEncoder.encode(empty, "orders", 0, "sender", 1_000);
      assertThat(stored.body().remaining()).isPositive();
      JmsMessage received = (JmsMessage) decode(Records.stored(stored), 1);
      assertThat(received).hasSameClassAs(empty);
      assertThat(received.encodedBody().remaining()).isZero();
      assertThat(received.bodyIsNull()).isEqualTo(empty.bodyIsNull());
    }
  }

  @Test
  void bodyThatIsNotWhatItSaysFailsWhenRead() throws Exception {
    StreamMessage stream =
        (StreamMessage) decode(Records.plain("oops", 0, Map.of("JMS_BodyType", "stream")), 1);
    assertThatThrownBy(stream::readInt)
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining("stream");
  }

  @Test
  void forwardedMessageLosesWhatOnlyItsReceiverSees() throws Exception {
    Message received = decode(Records.plain("x", 0, Map.of("UNIQ_KEY", "1")), 2);
    OutgoingMessage forwarded = MessageEncoder.encode((JmsMessage) received, "t", 0, "me", 1_000);
    assertThat(forwarded.properties().asMap().keySet())
        .noneMatch(name -> name.contains("DeliveryCount"));
  }

  @Test
  void replyToOfAnotherProviderIsRefused() {
    JmsMessage message = new JmsMessage();
    message.setJMSReplyTo(new jakarta.jms.Destination() {});
    assertThatThrownBy(() -> roundTrip(message)).isInstanceOf(InvalidDestinationException.class);
  }

  @Test
  void separatorInHeaderIsRefusedWithReason() {
    JmsMessage message = new JmsMessage();
    message.setJMSType("a\u0002b");
    assertThatThrownBy(() -> roundTrip(message))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining("JMS_Type");
  }
}
