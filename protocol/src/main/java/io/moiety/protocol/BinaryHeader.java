package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a header ("ROCKETMQ"), all numbers big-endian:
 *
 * <pre>
 *   2 code   1 language   2 version   4 opaque   4 flag
 *   4 remark length   remark
 *   4 fields length   { 2 name length   name   4 value length   value } …
 * </pre>
 *
 * <p>Texts are UTF-8. A remark of length 0 is none.
 */
final class BinaryHeader {

  private static final int FIXED_BYTES = 2 + 1 + 2 + 4 + 4 + 4 + 4;
  private static final int FIELD_OVERHEAD_BYTES = 2 + 4;
  private static final int MAX_UTF8_BYTES_PER_CHAR = 3;
  private static final int UNSIGNED_SHORT = 0xFFFF;

  /** Most field names are one letter: those are not made anew for every header. */
  private static final String[] ONE_LETTER_NAMES = oneLetterNames();

  private BinaryHeader() {}

  static Command decode(byte[] header, int from, int headerBytes, ByteBuffer body) {
    if (headerBytes < FIXED_BYTES) {
      throw new MalformedFrameException(
          "a binary header of " + headerBytes + " bytes; it must have at least " + FIXED_BYTES);
    }
    ByteBuffer in = ByteBuffer.wrap(header, from, headerBytes);
    int code16 = in.getShort() & UNSIGNED_SHORT;
    Language language = Language.ofNumber(in.get());
    int version = in.getShort() & UNSIGNED_SHORT;
    int opaque = in.getInt();
    int flag = in.getInt();
    String remark = text(in, length(in, in.getInt(), "remark"));
    requireRemaining(in, Integer.BYTES);
    int fieldsBytes = length(in, in.getInt(), "fields");
    Fields fields = readFields(in.limit(in.position() + fieldsBytes));
    Command read =
        new Command(
            code16,
            opaque,
            flag,
            language,
            version,
            HeaderFormat.BINARY,
            remark.isEmpty() ? null : remark,
            fields,
            body);
    if (read.isResponse()) {
      return read;
    }
    int code = RequestCode.ofBinaryHeader(code16);
    return code == code16
        ? read
        : new Command(
            code, opaque, flag, language, version, read.format(), read.remark(), fields, body);
  }

  private static Fields readFields(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return Fields.empty();
    }
    Fields.Builder builder = Fields.builder();
    int count = 0;
    while (in.hasRemaining()) {
      if (++count > Fields.MAX_FIELDS) {
        throw new MalformedFrameException("more than " + Fields.MAX_FIELDS + " header fields");
      }
      requireRemaining(in, Short.BYTES);
      String name = text(in, length(in, in.getShort(), "name of field " + count));
      requireRemaining(in, Integer.BYTES);
      String value = text(in, length(in, in.getInt(), "field '" + name + "'"));
      if (!name.isEmpty()) {
        builder.put(name, value);
      }
    }
    return builder.build();
  }

  private static void requireRemaining(ByteBuffer in, int needed) {
    if (in.remaining() < needed) {
      throw new MalformedFrameException("a binary header ends within a length");
    }
  }

  private static int length(ByteBuffer in, int claimed, String what) {
    if (claimed < 0 || claimed > in.remaining()) {
      throw new MalformedFrameException(
          "the binary header gives "
              + claimed
              + " bytes for the "
              + what
              + "; "
              + in.remaining()
              + " are left");
    }
    return claimed;
  }

  private static String text(ByteBuffer in, int checkedBytes) {
    int at = in.position();
    in.position(at + checkedBytes);
    if (checkedBytes == 1 && in.get(at) >= 0) {
      return ONE_LETTER_NAMES[in.get(at)];
    }
    return new String(in.array(), in.arrayOffset() + at, checkedBytes, UTF_8);
  }

  static ByteBuffer encode(Command command) {
    Fields fields = command.fields();
    ByteBuffer out = ByteBuffer.allocate(mostBytes(command));
    out.position(FrameCodec.PREFIX_BYTES);
    out.putShort((short) command.code());
    out.put((byte) command.language().number());
    out.putShort((short) command.version());
    out.putInt(command.opaque());
    out.putInt(command.flag());
    putText(out, command.remark());
    int fieldsLengthAt = out.position();
    out.putInt(0);
    for (int i = 0; i < fields.count(); i++) {
      putName(out, fields.nameAt(i));
      putText(out, fields.valueAt(i));
    }
    out.putInt(fieldsLengthAt, out.position() - fieldsLengthAt - Integer.BYTES);
    return out.flip();
  }

  private static int mostBytes(Command command) {
    Fields fields = command.fields();
    String remark = command.remark();
    long chars = remark == null ? 0 : remark.length();
    for (int i = 0; i < fields.count(); i++) {
      chars += fields.nameAt(i).length() + (long) fields.valueAt(i).length();
    }
    return Math.toIntExact(
        FrameCodec.PREFIX_BYTES
            + FIXED_BYTES
            + (long) FIELD_OVERHEAD_BYTES * fields.count()
            + MAX_UTF8_BYTES_PER_CHAR * chars);
  }

  private static void putName(ByteBuffer out, String name) {
    byte[] bytes = name.getBytes(UTF_8);
    if (bytes.length > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a field name of " + bytes.length + " bytes; " + Short.MAX_VALUE + " is the most");
    }
    out.putShort((short) bytes.length);
    out.put(bytes);
  }

  private static void putText(ByteBuffer out, @Nullable String text) {
    byte[] bytes = text == null ? new byte[0] : text.getBytes(UTF_8);
    out.putInt(bytes.length);
    out.put(bytes);
  }

  private static String[] oneLetterNames() {
    String[] names = new String[128];
    for (int i = 0; i < names.length; i++) {
      names[i] = String.valueOf((char) i);
    }
    return names;
  }
}
