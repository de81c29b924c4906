package io.moiety.jms;

import io.moiety.protocol.WideText;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A text body, stored as UTF-8 so that any RocketMQ client can read it, but for what only {@link
 * WideText} can hold.
 */
final class JmsTextMessage extends JmsMessage implements TextMessage {

  private @Nullable String text;

  JmsTextMessage(@Nullable String text) {
    this.text = text;
  }

  static JmsTextMessage decode(ByteBuffer body, boolean isNull, boolean isWide) {
    if (isNull) {
      return new JmsTextMessage(null);
    }
    return new JmsTextMessage(
        isWide
            ? WideText.decode(body.duplicate())
            : StandardCharsets.UTF_8.decode(body.duplicate()).toString());
  }

  @Override
  BodyType bodyType() {
    return BodyType.TEXT;
  }

  @Override
  ByteBuffer encodedBody() {
    if (text == null) {
      return ByteBuffer.allocate(0);
    }
    return ByteBuffer.wrap(
        bodyIsWide() ? WideText.encode(text) : text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  boolean bodyIsWide() {
    return text != null && WideText.isNeededFor(text);
  }

  @Override
  boolean bodyIsNull() {
    return text == null;
  }

  @Override
  void eraseBody() {
    text = null;
  }

  @Override
  @Nullable Object bodyAs(Class<?> wanted) {
    return text;
  }

  @Override
  boolean bodyFits(Class<?> wanted) {
    return text == null || wanted.isAssignableFrom(String.class);
  }

  @Override
  public void setText(@Nullable String string) throws JMSException {
    requireWritableBody();
    text = string;
  }

  @Override
  public @Nullable String getText() {
    return text;
  }
}
