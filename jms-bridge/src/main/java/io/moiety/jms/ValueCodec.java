package io.moiety.jms;

import io.moiety.protocol.WideText;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of map and stream bodies. Big-endian; a stream is a sequence of values, a map a
 * sequence of name and value:
 *
 * <pre>
 *   name   int length, UTF-8
 *   value  1 byte type, then
 *          N nothing (null)      Z 1 byte    B 1 byte    S 2 bytes   C 2 bytes
 *          I 4 bytes             L 8 bytes   F 4 bytes   D 8 bytes
 *          T int length, UTF-8   X int length, bytes
 *          U int length, text that UTF-8 cannot hold, 2 bytes a character
 * </pre>
 *
 * Nothing is allocated by a length that was not checked against what is there. Stateless.
 */
final class ValueCodec {

  private ValueCodec() {}

  static ByteBuffer encodeStream(List<@Nullable Object> values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (Object value : values) {
        write(out, value);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  static ByteBuffer encodeMap(Map<String, @Nullable Object> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (var entry : entries.entrySet()) {
        writeBytes(out, entry.getKey().getBytes(StandardCharsets.UTF_8));
        write(out, entry.getValue());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  /**
   * @throws MalformedValuesException when the bytes are not what {@link #encodeStream} writes
   */
  static List<@Nullable Object> decodeStream(ByteBuffer body) {
    ByteBuffer in = body.duplicate();
    List<@Nullable Object> values = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        values.add(read(in));
      }
    } catch (BufferUnderflowException cut) {
      throw cutShort(body, cut);
    }
    return values;
  }

  /**
   * @throws MalformedValuesException when the bytes are not what {@link #encodeMap} writes
   */
  static Map<String, @Nullable Object> decodeMap(ByteBuffer body) {
    ByteBuffer in = body.duplicate();
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    try {
      while (in.hasRemaining()) {
        String name = new String(readBytes(in), StandardCharsets.UTF_8);
        entries.put(name, read(in));
      }
    } catch (BufferUnderflowException cut) {
      throw cutShort(body, cut);
    }
    return entries;
  }

  private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.writeByte('N');
    } else if (value instanceof Boolean bool) {
      out.writeByte('Z');
      out.writeBoolean(bool);
    } else if (value instanceof Byte number) {
      out.writeByte('B');
      out.writeByte(number);
    } else if (value instanceof Short number) {
      out.writeByte('S');
      out.writeShort(number);
    } else if (value instanceof Character character) {
      out.writeByte('C');
      out.writeChar(character);
    } else if (value instanceof Integer number) {
      out.writeByte('I');
      out.writeInt(number);
    } else if (value instanceof Long number) {
      out.writeByte('L');
      out.writeLong(number);
    } else if (value instanceof Float number) {
      out.writeByte('F');
      out.writeFloat(number);
    } else if (value instanceof Double number) {
      out.writeByte('D');
      out.writeDouble(number);
    } else if (value instanceof String text) {
      boolean wide = WideText.isNeededFor(text);
      out.writeByte(wide ? 'U' : 'T');
      writeBytes(out, wide ? WideText.encode(text) : text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof byte[] bytes) {
      out.writeByte('X');
      writeBytes(out, bytes);
    } else {
      throw new IllegalArgumentException("No encoding for a " + value.getClass().getName());
    }
  }

  private static @Nullable Object read(ByteBuffer in) {
    int at = in.position();
    byte type = in.get();
    return switch (type) {
      case 'N' -> null;
      case 'Z' -> in.get() != 0;
      case 'B' -> in.get();
      case 'S' -> in.getShort();
      case 'C' -> in.getChar();
      case 'I' -> in.getInt();
      case 'L' -> in.getLong();
      case 'F' -> in.getFloat();
      case 'D' -> in.getDouble();
      case 'T' -> new String(readBytes(in), StandardCharsets.UTF_8);
      case 'U' -> WideText.decode(ByteBuffer.wrap(readBytes(in)));
      case 'X' -> readBytes(in);
      default ->
          throw new MalformedValuesException(
              "Type " + type + " at byte " + at + " of the body is none of NZBSCILFDTUX", null);
    };
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(ByteBuffer in) {
    int at = in.position();
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new MalformedValuesException(
          "Length "
              + length
              + " at byte "
              + at
              + " of the body; "
              + in.remaining()
              + " bytes are left",
          null);
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static MalformedValuesException cutShort(ByteBuffer body, BufferUnderflowException cut) {
    return new MalformedValuesException(
        "The body ends within a value, after " + body.remaining() + " bytes", cut);
  }

  /** A body that says it is a map or a stream and is not. */
  static final class MalformedValuesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedValuesException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
