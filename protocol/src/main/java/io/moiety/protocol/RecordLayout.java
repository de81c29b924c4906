package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * The layout of a stored record, RocketMQ's byte for byte, since clients parse stored bytes. All
 * numbers big-endian; B and S are 8 with an IPv4 host and 20 with an IPv6 host:
 *
 * <pre>
 *    at          bytes  field
 *    0           4      size of the whole record
 *    4           4      magic: DAA320A7 (v1), DAA320AB (v2: topic longer than 127 bytes)
 *    8           4      CRC-32 of the body, without its highest bit
 *   12           4      queue id
 *   16           4      flag (the application's)
 *   20           8      queue offset
 *   28           8      position of this record in the log
 *   36           4      system flag ({@link SysFlag})
 *   40           8      born timestamp, ms
 *   48           B      born host: address, 4-byte port
 *   48+B         8      store timestamp, ms
 *   56+B         S      store host
 *   56+B+S       4      reconsume times
 *   60+B+S       8      prepared transaction offset
 *   68+B+S       4+n    body length, body
 *                1+n    topic length, topic (v2: 2+n)
 *                2+n    properties length, properties
 * </pre>
 *
 * <p>The last property is always {@code __CRC32#}, in RocketMQ's form: the name, 0x01, ten decimal
 * digits <em>with the lowest first</em>, 0x02. It is the CRC-32, without its highest bit, of all
 * bytes of the record before it, so it is computed when position, queue offset and store timestamp
 * are there.
 *
 * <p>A blank record fills a segment whose rest is too small for the next record. Only its head is
 * written:
 *
 * <pre>
 *    0           4      size: to the segment's end
 *    4           4      magic CBD43194
 *    8           8      position of this record in the log
 *   16           4      CRC-32 of the 16 bytes before, without its highest bit
 * </pre>
 *
 * <p>No state, usable from any thread.
 */
public final class RecordLayout {

  public static final int MAGIC_V1 = 0xDAA320A7;
  public static final int MAGIC_V2 = 0xDAA320AB;
  public static final int MAGIC_BLANK = 0xCBD43194;

  static final int SIZE_AT = 0;
  static final int MAGIC_AT = 4;
  static final int BODY_CRC_AT = 8;
  static final int QUEUE_ID_AT = 12;
  static final int FLAG_AT = 16;
  static final int QUEUE_OFFSET_AT = 20;
  static final int POSITION_AT = 28;
  static final int SYS_FLAG_AT = 36;
  static final int BORN_TIMESTAMP_AT = 40;
  static final int BORN_HOST_AT = 48;

  static final int BLANK_POSITION_AT = 8;
  static final int BLANK_CRC_AT = 16;

  /** Topics longer than this make a record of version 2. */
  static final int MAX_TOPIC_BYTES_V1 = 127;

  /** {@code __CRC32#} as a property: name, separator, ten digits, separator. */
  public static final int CRC_PROPERTY_BYTES = 20;

  /** A record's properties length is a signed 16-bit number; it counts the checksum's property. */
  public static final int MAX_PROPERTIES_BYTES = Short.MAX_VALUE - CRC_PROPERTY_BYTES;

  public static final int MAX_TOPIC_BYTES = Short.MAX_VALUE;

  /** With IPv4 hosts, no body, topic or property. */
  public static final int RECORD_MIN_BYTES = 91;

  /** Leaves room for everything else of a record in a size of 31 bits. */
  public static final int MAX_BODY_BYTES = Integer.MAX_VALUE - (1 << 17);

  /**
   * The head of a blank record. An append must never leave a smaller rest in a segment than this.
   */
  public static final int BLANK_MIN_BYTES = 20;

  private static final int FIXED_BYTES = 68 + Integer.BYTES + Short.BYTES;
  private static final int CRC_DIGITS = 10;
  private static final int CRC_MASK = 0x7FFFFFFF;

  /** The ASCII bytes of "__CRC32#" as one number: written and compared at once. */
  private static final long CRC_NAME = 0x5F5F_4352_4333_3223L;

  private RecordLayout() {}

  /** The size the draft has as a record, its {@code __CRC32#} counted in. */
  public static int sizeBytes(RecordDraft draft) {
    int topicBytes = draft.topic().getBytes(UTF_8).length;
    return FIXED_BYTES
        + Hosts.bytes(Hosts.isV6(draft.bornHost()))
        + Hosts.bytes(Hosts.isV6(draft.storeHost()))
        + draft.body().remaining()
        + (topicBytes > MAX_TOPIC_BYTES_V1 ? Short.BYTES : Byte.BYTES)
        + topicBytes
        + draft.properties().encodedBytes()
        + CRC_PROPERTY_BYTES;
  }

  /**
   * Writes the record at the target's position, which moves behind it.
   *
   * @param position of the record in the log
   * @return the record's size
   * @throws IllegalArgumentException when the target has less room than {@link #sizeBytes}; nothing
   *     is written then
   */
  public static int write(
      RecordDraft draft, long position, long storeTimestampMillis, ByteBuffer target) {
    byte[] topic = draft.topic().getBytes(UTF_8);
    ByteBuffer body = draft.body();
    MessageProperties properties = draft.properties();
    int size = sizeBytes(draft);
    requireRoom(target, size);
    ByteBuffer record = target.slice(target.position(), size);

    boolean v1 = topic.length <= MAX_TOPIC_BYTES_V1;
    record.putInt(SIZE_AT, size);
    record.putInt(MAGIC_AT, v1 ? MAGIC_V1 : MAGIC_V2);
    record.putInt(BODY_CRC_AT, crcOf(body.duplicate()));
    record.putInt(QUEUE_ID_AT, draft.queueId());
    record.putInt(FLAG_AT, draft.flag());
    record.putLong(QUEUE_OFFSET_AT, draft.queueOffset());
    record.putLong(POSITION_AT, position);
    record.putInt(SYS_FLAG_AT, draft.sysFlag());
    record.putLong(BORN_TIMESTAMP_AT, draft.bornTimestampMillis());
    int at = Hosts.put(record, BORN_HOST_AT, draft.bornHost());
    record.putLong(at, storeTimestampMillis);
    at = Hosts.put(record, at + Long.BYTES, draft.storeHost());
    record.putInt(at, draft.reconsumeTimes());
    record.putLong(at + Integer.BYTES, draft.preparedTransactionOffset());

    record.position(at + Integer.BYTES + Long.BYTES);
    record.putInt(body.remaining()).put(body);
    if (v1) {
      record.put((byte) topic.length);
    } else {
      record.putShort((short) topic.length);
    }
    record.put(topic);
    record.putShort((short) (properties.encodedBytes() + CRC_PROPERTY_BYTES));
    properties.putInto(record, record.position());
    putCrc(record, size);
    target.position(target.position() + size);
    return size;
  }

  /**
   * Writes the head of a blank record at the target's position, which moves behind that head.
   *
   * @param sizeBytes from here to the segment's end, at least {@link #BLANK_MIN_BYTES}
   */
  public static void writeBlank(ByteBuffer target, int sizeBytes, long position) {
    if (sizeBytes < BLANK_MIN_BYTES) {
      throw new IllegalArgumentException(
          "a blank record of " + sizeBytes + " bytes; it must have at least " + BLANK_MIN_BYTES);
    }
    requireRoom(target, BLANK_MIN_BYTES);
    ByteBuffer blank = target.slice(target.position(), BLANK_MIN_BYTES);
    blank.putInt(SIZE_AT, sizeBytes);
    blank.putInt(MAGIC_AT, MAGIC_BLANK);
    blank.putLong(BLANK_POSITION_AT, position);
    int crc = crcOf(blank.limit(BLANK_CRC_AT));
    blank.limit(BLANK_MIN_BYTES).putInt(BLANK_CRC_AT, crc);
    target.position(target.position() + BLANK_MIN_BYTES);
  }

  /**
   * Tells whether a valid record of {@code expectedPosition} lies at the buffer's position. Reads
   * at most {@code availableBytes} from there, and does not move the position. Reading a mapped
   * file whose blocks are gone kills the JVM: pass bytes that were read by other means.
   */
  public static RecordCheck check(ByteBuffer at, long expectedPosition, int availableBytes) {
    ByteBuffer bytes = at.slice(at.position(), Math.min(availableBytes, at.remaining()));
    int available = bytes.capacity();
    if (available < BLANK_MIN_BYTES) {
      return new RecordCheck.Torn(BLANK_MIN_BYTES, available);
    }
    int size = bytes.getInt(SIZE_AT);
    int magic = bytes.getInt(MAGIC_AT);
    if (magic == MAGIC_BLANK) {
      return checkBlank(bytes, size, expectedPosition);
    }
    if (magic != MAGIC_V1 && magic != MAGIC_V2) {
      return new RecordCheck.Damaged(
          String.format("no record begins here: size %d, magic %08X", size, magic));
    }
    if (size < RECORD_MIN_BYTES + CRC_PROPERTY_BYTES) {
      return new RecordCheck.Damaged("the record's size is " + size);
    }
    if (available < POSITION_AT + Long.BYTES) {
      return new RecordCheck.Torn(size, available);
    }
    long position = bytes.getLong(POSITION_AT);
    if (position != expectedPosition) {
      return wrongPosition(position, expectedPosition);
    }
    return size > available
        ? new RecordCheck.Torn(size, available)
        : checkWhole(bytes.limit(size), size);
  }

  /** Tells whether the last property is {@code __CRC32#}; a record of RocketMQ's may have none. */
  static boolean endsWithCrc(ByteBuffer record, int size) {
    int from = size - CRC_PROPERTY_BYTES;
    return record.getLong(from) == CRC_NAME
        && record.get(from + Long.BYTES) == MessageProperties.NAME_END
        && record.get(size - 1) == MessageProperties.VALUE_END;
  }

  private static RecordCheck checkWhole(ByteBuffer record, int size) {
    long stored = storedCrc(record, size);
    if (stored < 0) {
      return new RecordCheck.Damaged("the record does not end with a __CRC32# property");
    }
    int found = crcOf(record.limit(size - CRC_PROPERTY_BYTES));
    if (stored != found) {
      return new RecordCheck.Damaged("the record's CRC is " + found + ", stored is " + stored);
    }
    try {
      RecordShape.of(record.limit(size));
    } catch (MalformedRecordException inside) {
      return new RecordCheck.Damaged(String.valueOf(inside.getMessage()));
    }
    return new RecordCheck.Valid(size, false);
  }

  private static RecordCheck checkBlank(ByteBuffer bytes, int size, long expectedPosition) {
    if (size < BLANK_MIN_BYTES) {
      return new RecordCheck.Damaged("the blank record's size is " + size);
    }
    long position = bytes.getLong(BLANK_POSITION_AT);
    if (position != expectedPosition) {
      return wrongPosition(position, expectedPosition);
    }
    int stored = bytes.getInt(BLANK_CRC_AT);
    int found = crcOf(bytes.limit(BLANK_CRC_AT));
    return stored == found
        ? new RecordCheck.Valid(size, true)
        : new RecordCheck.Damaged("the blank record's CRC is " + found + ", stored is " + stored);
  }

  private static RecordCheck wrongPosition(long found, long expected) {
    return new RecordCheck.Damaged(
        "the record says that its position is " + found + "; it lies at " + expected);
  }

  private static void requireRoom(ByteBuffer target, int size) {
    if (target.remaining() < size) {
      throw new IllegalArgumentException(
          "a record of " + size + " bytes; there is room for " + target.remaining());
    }
  }

  /** Of what remains of {@code bytes}, which is consumed. */
  private static int crcOf(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.rewind());
    return (int) crc.getValue() & CRC_MASK;
  }

  private static void putCrc(ByteBuffer record, int size) {
    int end = size - CRC_PROPERTY_BYTES;
    int rest = crcOf(record.limit(end));
    record.limit(size);
    record.putLong(end, CRC_NAME);
    record.put(end + Long.BYTES, MessageProperties.NAME_END);
    for (int i = 0; i < CRC_DIGITS; i++) {
      record.put(end + Long.BYTES + 1 + i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    record.put(size - 1, MessageProperties.VALUE_END);
  }

  /** The CRC in a record's last property, or -1 when that is something else. */
  private static long storedCrc(ByteBuffer record, int size) {
    int from = size - CRC_PROPERTY_BYTES;
    if (!endsWithCrc(record, size)) {
      return -1;
    }
    long crc = 0;
    for (int i = CRC_DIGITS; i > 0; i--) {
      int digit = record.get(from + Long.BYTES + i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      crc = crc * 10 + digit;
    }
    return crc;
  }
}
