package io.moiety.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as they are, big-endian where numbers are written; what plain RocketMQ clients send arrives
 * as this. Written until {@link #reset}, then read.
 */
final class JmsBytesMessage extends JmsMessage implements BytesMessage {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(written);

  /** What is read; its position is the reader's. Holds no more than was there at the last reset. */
  private ByteBuffer readable = ByteBuffer.allocate(0);

  static JmsBytesMessage decode(ByteBuffer body) {
    JmsBytesMessage message = new JmsBytesMessage();
    message.readable = body.slice();
    message.setBodyReadOnly(true);
    return message;
  }

  @Override
  BodyType bodyType() {
    return BodyType.BYTES;
  }

  @Override
  ByteBuffer encodedBody() {
    return isBodyReadOnly()
        ? readable.duplicate().rewind()
        : ByteBuffer.wrap(written.toByteArray());
  }

  @Override
  void eraseBody() {
    written.reset();
    readable = ByteBuffer.allocate(0);
  }

  @Override
  @Nullable Object bodyAs(Class<?> wanted) {
    reset();
    byte[] bytes = new byte[readable.capacity()];
    readable.duplicate().get(bytes);
    return bytes.length == 0 ? null : bytes;
  }

  @Override
  boolean bodyFits(Class<?> wanted) {
    return encodedBody().remaining() == 0 || wanted.isAssignableFrom(byte[].class);
  }

  @Override
  public void reset() {
    if (isBodyReadOnly()) {
      readable.rewind();
    } else {
      readable = ByteBuffer.wrap(written.toByteArray());
      written.reset();
      setBodyReadOnly(true);
    }
  }

  @Override
  public long getBodyLength() throws JMSException {
    return source().capacity();
  }

  private ByteBuffer source() throws JMSException {
    if (!isBodyReadOnly()) {
      throw new MessageNotReadableException("The body is being written; call reset() to read it");
    }
    return readable;
  }

  private <T> T read(Function<ByteBuffer, T> read) throws JMSException {
    ByteBuffer from = source();
    try {
      return read.apply(from);
    } catch (BufferUnderflowException ended) {
      throw endOfBody(from);
    }
  }

  private static MessageEOFException endOfBody(ByteBuffer from) {
    return new MessageEOFException(
        "The body of "
            + from.capacity()
            + " bytes ends before the value at byte "
            + from.position()
            + " does");
  }

  @Override
  public boolean readBoolean() throws JMSException {
    return read(from -> from.get() != 0);
  }

  @Override
  public byte readByte() throws JMSException {
    return read(ByteBuffer::get);
  }

  @Override
  public int readUnsignedByte() throws JMSException {
    return readByte() & 0xFF;
  }

  @Override
  public short readShort() throws JMSException {
    return read(ByteBuffer::getShort);
  }

  @Override
  public int readUnsignedShort() throws JMSException {
    return readShort() & 0xFFFF;
  }

  @Override
  public char readChar() throws JMSException {
    return read(ByteBuffer::getChar);
  }

  @Override
  public int readInt() throws JMSException {
    return read(ByteBuffer::getInt);
  }

  @Override
  public long readLong() throws JMSException {
    return read(ByteBuffer::getLong);
  }

  @Override
  public float readFloat() throws JMSException {
    return read(ByteBuffer::getFloat);
  }

  @Override
  public double readDouble() throws JMSException {
    return read(ByteBuffer::getDouble);
  }

  @Override
  public String readUTF() throws JMSException {
    ByteBuffer from = source();
    byte[] rest = new byte[from.remaining()];
    from.duplicate().get(rest);
    ByteArrayInputStream bytes = new ByteArrayInputStream(rest);
    try {
      String text = new DataInputStream(bytes).readUTF();
      from.position(from.capacity() - bytes.available());
      return text;
    } catch (EOFException ended) {
      throw endOfBody(from);
    } catch (UTFDataFormatException malformed) {
      throw new MessageFormatException(
          "At byte " + from.position() + " of the body there is no text in modified UTF-8");
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public int readBytes(byte[] value) throws JMSException {
    return readBytes(value, value.length);
  }

  @Override
  public int readBytes(byte[] value, int length) throws JMSException {
    ByteBuffer from = source();
    if (length < 0 || length > value.length) {
      throw new IndexOutOfBoundsException(
          "Length " + length + " for an array of " + value.length + " bytes");
    }
    if (length > 0 && !from.hasRemaining()) {
      return -1;
    }
    int count = Math.min(length, from.remaining());
    from.get(value, 0, count);
    return count;
  }

  /** One write; DataOutputStream over memory never fails. */
  private interface Write {
    void to(DataOutputStream out) throws IOException;
  }

  private void write(Write write) throws JMSException {
    requireWritableBody();
    try {
      write.to(out);
    } catch (UTFDataFormatException tooLong) {
      throw new MessageFormatException(
          "writeUTF takes at most 65535 bytes of encoded text: " + tooLong.getMessage());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public void writeBoolean(boolean value) throws JMSException {
    write(to -> to.writeBoolean(value));
  }

  @Override
  public void writeByte(byte value) throws JMSException {
    write(to -> to.writeByte(value));
  }

  @Override
  public void writeShort(short value) throws JMSException {
    write(to -> to.writeShort(value));
  }

  @Override
  public void writeChar(char value) throws JMSException {
    write(to -> to.writeChar(value));
  }

  @Override
  public void writeInt(int value) throws JMSException {
    write(to -> to.writeInt(value));
  }

  @Override
  public void writeLong(long value) throws JMSException {
    write(to -> to.writeLong(value));
  }

  @Override
  public void writeFloat(float value) throws JMSException {
    write(to -> to.writeFloat(value));
  }

  @Override
  public void writeDouble(double value) throws JMSException {
    write(to -> to.writeDouble(value));
  }

  @Override
  public void writeUTF(String value) throws JMSException {
    write(to -> to.writeUTF(value));
  }

  @Override
  public void writeBytes(byte[] value) throws JMSException {
    write(to -> to.write(value));
  }

  @Override
  public void writeBytes(byte[] value, int offset, int length) throws JMSException {
    write(to -> to.write(value, offset, length));
  }

  @Override
  public void writeObject(Object value) throws JMSException {
    requireWritableBody();
    if (value instanceof Boolean bool) {
      writeBoolean(bool);
    } else if (value instanceof Byte number) {
      writeByte(number);
    } else if (value instanceof Short number) {
      writeShort(number);
    } else if (value instanceof Character character) {
      writeChar(character);
    } else if (value instanceof Integer number) {
      writeInt(number);
    } else if (value instanceof Long number) {
      writeLong(number);
    } else if (value instanceof Float number) {
      writeFloat(number);
    } else if (value instanceof Double number) {
      writeDouble(number);
    } else if (value instanceof String text) {
      writeUTF(text);
    } else if (value instanceof byte[] bytes) {
      writeBytes(bytes);
    } else if (value == null) {
      throw new NullPointerException("A bytes message cannot hold null");
    } else {
      throw new MessageFormatException(
          "A bytes message cannot hold a "
              + value.getClass().getName()
              + "; "
              + JmsStreamMessage.ALLOWED);
    }
  }
}
