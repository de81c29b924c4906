package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stored record over its bytes, wherever they lie; fields are read where they are, the body is
 * not copied. Its lengths are checked when the view is made, its checksum is not: that is {@link
 * RecordLayout#check}. A view holds as long as its bytes do.
 *
 * <p>Usable from any thread while nobody changes the bytes. The properties are read once and kept;
 * two threads may do so at once, to the same end.
 */
public final class RecordView {

  /** From index 0, limited to the record. */
  private final ByteBuffer bytes;

  private final RecordShape shape;
  private @Nullable MessageProperties properties;

  private RecordView(ByteBuffer bytes, RecordShape shape) {
    this.bytes = bytes;
    this.shape = shape;
  }

  /**
   * The record that begins at the buffer's position, which is left as it is.
   *
   * @throws MalformedRecordException when there is none, or not the whole
   */
  public static RecordView of(ByteBuffer recordBytes) {
    ByteBuffer bytes = recordBytes.slice();
    RecordShape shape = RecordShape.of(bytes);
    return new RecordView(bytes.limit(shape.sizeBytes()), shape);
  }

  /** All records of a buffer in which they follow each other without a gap. */
  public static List<RecordView> list(ByteBuffer concatenated) {
    List<RecordView> records = new ArrayList<>();
    ByteBuffer rest = concatenated.duplicate();
    while (rest.hasRemaining()) {
      RecordView record = of(rest);
      records.add(record);
      rest.position(rest.position() + record.sizeBytes());
    }
    return records;
  }

  public int sizeBytes() {
    return shape.sizeBytes();
  }

  /** In the log of the broker that stored it. */
  public long position() {
    return bytes.getLong(RecordLayout.POSITION_AT);
  }

  public long queueOffset() {
    return bytes.getLong(RecordLayout.QUEUE_OFFSET_AT);
  }

  public int queueId() {
    return bytes.getInt(RecordLayout.QUEUE_ID_AT);
  }

  public int flag() {
    return bytes.getInt(RecordLayout.FLAG_AT);
  }

  public int sysFlag() {
    return bytes.getInt(RecordLayout.SYS_FLAG_AT);
  }

  /** CRC-32 of the body without its highest bit, as stored. */
  public int bodyCrc() {
    return bytes.getInt(RecordLayout.BODY_CRC_AT);
  }

  public long bornTimestampMillis() {
    return bytes.getLong(RecordLayout.BORN_TIMESTAMP_AT);
  }

  public InetSocketAddress bornHost() {
    return Hosts.get(bytes, RecordLayout.BORN_HOST_AT, (sysFlag() & SysFlag.BORN_HOST_V6) != 0);
  }

  public long storeTimestampMillis() {
    return bytes.getLong(shape.storeTimestampAt());
  }

  public InetSocketAddress storeHost() {
    return Hosts.get(
        bytes, shape.storeTimestampAt() + Long.BYTES, (sysFlag() & SysFlag.STORE_HOST_V6) != 0);
  }

  public int reconsumeTimes() {
    return bytes.getInt(shape.reconsumeTimesAt());
  }

  public long preparedTransactionOffset() {
    return bytes.getLong(shape.reconsumeTimesAt() + Integer.BYTES);
  }

  /** The body's bytes where they lie. */
  public ByteBuffer body() {
    return bytes.slice(shape.bodyAt(), shape.bodyBytes());
  }

  public String topic() {
    return text(shape.topicAt(), shape.topicBytes());
  }

  /** Without {@code __CRC32#}, which belongs to the record and not to the message. */
  public MessageProperties properties() {
    MessageProperties read = properties;
    if (read == null) {
      int length = shape.propertiesBytes();
      if (length >= RecordLayout.CRC_PROPERTY_BYTES
          && RecordLayout.endsWithCrc(bytes, shape.sizeBytes())) {
        length -= RecordLayout.CRC_PROPERTY_BYTES;
      }
      read =
          MessageProperties.parse(bytes.slice(shape.propertiesAt(), length))
              .without(PropertyNames.CRC32);
      properties = read;
    }
    return read;
  }

  public Optional<String> property(String name) {
    return properties().get(name);
  }

  /** The whole record. */
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /**
   * A copy of the whole record that tells another number of earlier deliveries, as RocketMQ's
   * clients read it. Its checksum no longer holds: it is for a client, not for the log.
   */
  public ByteBuffer bytesWithReconsumeTimes(int reconsumeTimes) {
    ByteBuffer copy = ByteBuffer.allocate(sizeBytes()).put(bytes()).flip();
    return copy.putInt(shape.reconsumeTimesAt(), reconsumeTimes);
  }

  @Override
  public String toString() {
    return "record of "
        + sizeBytes()
        + " bytes at "
        + position()
        + ": "
        + topic()
        + "/"
        + queueId()
        + "@"
        + queueOffset();
  }

  private String text(int at, int length) {
    byte[] copy = new byte[length];
    bytes.get(at, copy);
    return new String(copy, UTF_8);
  }
}
