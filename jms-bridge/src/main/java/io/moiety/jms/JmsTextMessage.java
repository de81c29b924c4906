package io.moiety.jms;

import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A text body, stored as UTF-8 so that any RocketMQ client can read it. */
final class JmsTextMessage extends JmsMessage implements TextMessage {

  private @Nullable String text;

  JmsTextMessage(@Nullable String text) {
    this.text = text;
  }

  static JmsTextMessage decode(ByteBuffer body, boolean isNull) {
    return new JmsTextMessage(
        isNull ? null : StandardCharsets.UTF_8.decode(body.duplicate()).toString());
  }

  @Override
  BodyType bodyType() {
    return BodyType.TEXT;
  }

  @Override
  ByteBuffer encodedBody() {
    return text == null
        ? ByteBuffer.allocate(0)
        : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
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
