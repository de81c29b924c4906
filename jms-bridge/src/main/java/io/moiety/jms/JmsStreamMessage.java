package io.moiety.jms;

import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.StreamMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A body of values in a row. A read that fails leaves the element where it is. */
final class JmsStreamMessage extends JmsMessage implements StreamMessage {

  static final String ALLOWED = "allowed are the primitive types' wrappers, String and byte[]";

  private final List<@Nullable Object> elements = new ArrayList<>();
  private @Nullable ByteBuffer undecoded;
  private int nextElement;

  /** How much of the byte array at {@link #nextElement} was read; -1 when none of it was begun. */
  private int bytesRead = -1;

  static JmsStreamMessage decode(ByteBuffer body) {
    JmsStreamMessage message = new JmsStreamMessage();
    message.undecoded = body;
    return message;
  }

  static boolean isElementType(@Nullable Object value) {
    return UserProperties.isPropertyType(value)
        || value instanceof Character
        || value instanceof byte[];
  }

  static String typeName(@Nullable Object value) {
    return value == null ? "null" : value.getClass().getName();
  }

  @Override
  BodyType bodyType() {
    return BodyType.STREAM;
  }

  @Override
  ByteBuffer encodedBody() throws JMSException {
    return ValueCodec.encodeStream(elements());
  }

  @Override
  void eraseBody() {
    undecoded = null;
    elements.clear();
    rewind();
  }

  @Override
  boolean bodyFits(Class<?> wanted) {
    return false;
  }

  private void rewind() {
    nextElement = 0;
    bytesRead = -1;
  }

  private List<@Nullable Object> elements() throws JMSException {
    ByteBuffer body = undecoded;
    if (body != null) {
      try {
        elements.addAll(ValueCodec.decodeStream(body));
      } catch (ValueCodec.MalformedValuesException malformed) {
        throw JmsExceptions.malformedBody(this, malformed);
      }
      undecoded = null;
    }
    return elements;
  }

  /** The element to be read, still in its place. */
  private @Nullable Object peek() throws JMSException {
    requireReadable();
    if (bytesRead >= 0) {
      finishByteArray();
    }
    return elementAtHand();
  }

  /** Goes past a byte array that was read to its last byte, but not to the -1 behind it. */
  private void finishByteArray() throws JMSException {
    if (!(elementAtHand() instanceof byte[] bytes) || bytesRead < bytes.length) {
      throw new MessageFormatException(
          "A byte array is read in part; go on with readBytes(byte[]) until it returns -1");
    }
    nextElement++;
    bytesRead = -1;
  }

  private @Nullable Object elementAtHand() throws JMSException {
    if (nextElement >= elements().size()) {
      throw new MessageEOFException(
          "All " + elements.size() + " elements of the stream message were read");
    }
    return elements.get(nextElement);
  }

  private void requireReadable() throws JMSException {
    if (!isBodyReadOnly()) {
      throw new MessageNotReadableException("The body is being written; call reset() to read it");
    }
  }

  private void append(@Nullable Object value) throws JMSException {
    requireWritableBody();
    elements.add(value);
  }

  @Override
  public boolean readBoolean() throws JMSException {
    boolean value = Conversions.toBoolean(peek());
    nextElement++;
    return value;
  }

  @Override
  public byte readByte() throws JMSException {
    byte value = Conversions.toByte(peek());
    nextElement++;
    return value;
  }

  @Override
  public short readShort() throws JMSException {
    short value = Conversions.toShort(peek());
    nextElement++;
    return value;
  }

  @Override
  public char readChar() throws JMSException {
    char value = Conversions.toChar(peek());
    nextElement++;
    return value;
  }

  @Override
  public int readInt() throws JMSException {
    int value = Conversions.toInt(peek());
    nextElement++;
    return value;
  }

  @Override
  public long readLong() throws JMSException {
    long value = Conversions.toLong(peek());
    nextElement++;
    return value;
  }

  @Override
  public float readFloat() throws JMSException {
    float value = Conversions.toFloat(peek());
    nextElement++;
    return value;
  }

  @Override
  public double readDouble() throws JMSException {
    double value = Conversions.toDouble(peek());
    nextElement++;
    return value;
  }

  @Override
  public @Nullable String readString() throws JMSException {
    String value = Conversions.toText(peek());
    nextElement++;
    return value;
  }

  @Override
  public int readBytes(byte[] value) throws JMSException {
    requireReadable();
    byte[] bytes = Conversions.toBytes(elementAtHand());
    if (bytes == null) {
      nextElement++;
      return -1;
    }
    if (bytesRead == bytes.length && bytesRead > 0) {
      nextElement++;
      bytesRead = -1;
      return -1;
    }
    int from = Math.max(bytesRead, 0);
    int count = Math.min(value.length, bytes.length - from);
    System.arraycopy(bytes, from, value, 0, count);
    if (count < value.length || bytes.length == 0) {
      nextElement++;
      bytesRead = -1;
    } else {
      bytesRead = from + count;
    }
    return count;
  }

  @Override
  public @Nullable Object readObject() throws JMSException {
    Object value = peek();
    nextElement++;
    return value instanceof byte[] bytes ? bytes.clone() : value;
  }

  @Override
  public void writeBoolean(boolean value) throws JMSException {
    append(value);
  }

  @Override
  public void writeByte(byte value) throws JMSException {
    append(value);
  }

  @Override
  public void writeShort(short value) throws JMSException {
    append(value);
  }

  @Override
  public void writeChar(char value) throws JMSException {
    append(value);
  }

  @Override
  public void writeInt(int value) throws JMSException {
    append(value);
  }

  @Override
  public void writeLong(long value) throws JMSException {
    append(value);
  }

  @Override
  public void writeFloat(float value) throws JMSException {
    append(value);
  }

  @Override
  public void writeDouble(double value) throws JMSException {
    append(value);
  }

  @Override
  public void writeString(@Nullable String value) throws JMSException {
    append(value);
  }

  @Override
  public void writeBytes(byte @Nullable [] value) throws JMSException {
    append(value == null ? null : value.clone());
  }

  @Override
  public void writeBytes(byte[] value, int offset, int length) throws JMSException {
    requireWritableBody();
    Objects.checkFromIndexSize(offset, length, value.length);
    append(Arrays.copyOfRange(value, offset, offset + length));
  }

  @Override
  public void writeObject(@Nullable Object value) throws JMSException {
    requireWritableBody();
    if (!isElementType(value)) {
      throw new MessageFormatException(
          "An element cannot be a " + typeName(value) + "; " + ALLOWED);
    }
    append(value instanceof byte[] bytes ? bytes.clone() : value);
  }

  @Override
  public void reset() throws JMSException {
    setBodyReadOnly(true);
    rewind();
  }
}
