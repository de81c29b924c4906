package io.moiety.jms;

import io.moiety.protocol.WideText;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.MessageFormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A body of named values. A received one is decoded at the first look. */
final class JmsMapMessage extends JmsMessage implements MapMessage {

  private final Map<String, @Nullable Object> entries = new LinkedHashMap<>();
  private @Nullable ByteBuffer undecoded;

  static JmsMapMessage decode(ByteBuffer body) {
    JmsMapMessage message = new JmsMapMessage();
    message.undecoded = body;
    return message;
  }

  @Override
  BodyType bodyType() {
    return BodyType.MAP;
  }

  @Override
  ByteBuffer encodedBody() throws JMSException {
    return ValueCodec.encodeMap(entries());
  }

  @Override
  void eraseBody() {
    undecoded = null;
    entries.clear();
  }

  @Override
  @Nullable Object bodyAs(Class<?> wanted) throws JMSException {
    if (!wanted.isAssignableFrom(Map.class)) {
      return null;
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(entries());
    copy.replaceAll((name, value) -> value instanceof byte[] bytes ? bytes.clone() : value);
    return copy;
  }

  /** One without entries fits whatever is asked for, as nothing. */
  @Override
  boolean bodyFits(Class<?> wanted) throws JMSException {
    return entries().isEmpty() || wanted.isAssignableFrom(Map.class);
  }

  private Map<String, @Nullable Object> entries() throws JMSException {
    ByteBuffer body = undecoded;
    if (body != null) {
      try {
        entries.putAll(ValueCodec.decodeMap(body));
      } catch (ValueCodec.MalformedValuesException malformed) {
        throw JmsExceptions.malformedBody(this, malformed);
      }
      undecoded = null;
    }
    return entries;
  }

  private @Nullable Object value(String name) throws JMSException {
    return entries().get(name);
  }

  private void put(@Nullable String name, @Nullable Object value) throws JMSException {
    requireWritableBody();
    if (name == null || name.isEmpty()) {
      throw new IllegalArgumentException(
          "An entry of a map message needs a name that is not empty");
    }
    if (WideText.isNeededFor(name)) {
      throw new IllegalArgumentException(
          "The name of an entry has half of a surrogate pair, which is no text: " + name);
    }
    entries().put(name, value);
  }

  @Override
  public boolean getBoolean(String name) throws JMSException {
    return Conversions.toBoolean(value(name));
  }

  @Override
  public byte getByte(String name) throws JMSException {
    return Conversions.toByte(value(name));
  }

  @Override
  public short getShort(String name) throws JMSException {
    return Conversions.toShort(value(name));
  }

  @Override
  public char getChar(String name) throws JMSException {
    return Conversions.toChar(value(name));
  }

  @Override
  public int getInt(String name) throws JMSException {
    return Conversions.toInt(value(name));
  }

  @Override
  public long getLong(String name) throws JMSException {
    return Conversions.toLong(value(name));
  }

  @Override
  public float getFloat(String name) throws JMSException {
    return Conversions.toFloat(value(name));
  }

  @Override
  public double getDouble(String name) throws JMSException {
    return Conversions.toDouble(value(name));
  }

  @Override
  public @Nullable String getString(String name) throws JMSException {
    return Conversions.toText(value(name));
  }

  @Override
  public byte @Nullable [] getBytes(String name) throws JMSException {
    byte[] bytes = Conversions.toBytes(value(name));
    return bytes == null ? null : bytes.clone();
  }

  @Override
  public @Nullable Object getObject(String name) throws JMSException {
    Object value = value(name);
    return value instanceof byte[] bytes ? bytes.clone() : value;
  }

  @Override
  public Enumeration<String> getMapNames() throws JMSException {
    return Collections.enumeration(List.copyOf(entries().keySet()));
  }

  @Override
  public void setBoolean(String name, boolean value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setByte(String name, byte value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setShort(String name, short value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setChar(String name, char value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setInt(String name, int value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setLong(String name, long value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setFloat(String name, float value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setDouble(String name, double value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setString(String name, @Nullable String value) throws JMSException {
    put(name, value);
  }

  @Override
  public void setBytes(String name, byte @Nullable [] value) throws JMSException {
    put(name, value == null ? null : value.clone());
  }

  @Override
  public void setBytes(String name, byte[] value, int offset, int length) throws JMSException {
    requireWritableBody();
    Objects.checkFromIndexSize(offset, length, value.length);
    put(name, Arrays.copyOfRange(value, offset, offset + length));
  }

  @Override
  public void setObject(String name, @Nullable Object value) throws JMSException {
    requireWritableBody();
    if (!JmsStreamMessage.isElementType(value)) {
      throw new MessageFormatException(
          "Entry "
              + name
              + " cannot be a "
              + JmsStreamMessage.typeName(value)
              + "; "
              + JmsStreamMessage.ALLOWED);
    }
    put(name, value instanceof byte[] bytes ? bytes.clone() : value);
  }

  @Override
  public boolean itemExists(String name) throws JMSException {
    return entries().containsKey(name);
  }
}
