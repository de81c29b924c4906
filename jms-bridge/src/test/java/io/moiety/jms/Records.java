package io.moiety.jms;

import io.moiety.client.Delivery;
import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import jakarta.jms.JMSException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Stored records as a broker would give them back. */
final class Records {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);

  private Records() {}

  static RecordView stored(OutgoingMessage message) {
    RecordDraft draft =
        new RecordDraft(
            message.topic(),
            0,
            message.flag(),
            0,
            message.sysFlag(),
            message.bornTimestampMillis(),
            HOST,
            HOST,
            0,
            0,
            message.body(),
            message.properties());
    ByteBuffer bytes = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    RecordLayout.write(draft, 0, message.bornTimestampMillis(), bytes);
    return RecordView.of(bytes.rewind());
  }

  /** A message of a plain RocketMQ client. */
  static RecordView plain(String body, int sysFlag, Map<String, String> properties) {
    return stored(
        new OutgoingMessage(
            "topic",
            0,
            MessageProperties.of(properties),
            ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
            0,
            sysFlag,
            1_000,
            Optional.empty()));
  }

  static Delivery delivery(long queueOffset, String text, long expirationMillis) {
    JmsTextMessage message = new JmsTextMessage(text);
    message.setJMSExpiration(expirationMillis);
    try {
      return new Delivery(
          1,
          0,
          queueOffset,
          1,
          stored(MessageEncoder.encode(message, "topic", 0, "sender", 1_000)));
    } catch (JMSException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
