package io.moiety.protocol;

import java.nio.ByteBuffer;

/**
 * Where the parts of one record lie, checked against its size. Separate from {@link RecordView}
 * since {@link RecordLayout#check} needs the check without the view.
 *
 * @param storeTimestampAt index of the first field whose place depends on the born host's family
 */
record RecordShape(
    int sizeBytes,
    int storeTimestampAt,
    int reconsumeTimesAt,
    int bodyAt,
    int bodyBytes,
    int topicAt,
    int topicBytes,
    int propertiesAt,
    int propertiesBytes) {

  /**
   * Reads a record that begins at index 0.
   *
   * @throws MalformedRecordException when a length leads out of the record or of the bytes
   */
  static RecordShape of(ByteBuffer bytes) {
    if (bytes.limit() < RecordLayout.RECORD_MIN_BYTES) {
      throw new MalformedRecordException(
          "a record of "
              + bytes.limit()
              + " bytes; it must have at least "
              + RecordLayout.RECORD_MIN_BYTES);
    }
    int size = bytes.getInt(RecordLayout.SIZE_AT);
    if (size < RecordLayout.RECORD_MIN_BYTES || size > bytes.limit()) {
      throw new MalformedRecordException(
          "record size is " + size + "; " + bytes.limit() + " bytes are there");
    }
    int topicLengthBytes = topicLengthBytes(bytes.getInt(RecordLayout.MAGIC_AT));
    int sysFlag = bytes.getInt(RecordLayout.SYS_FLAG_AT);
    int storeTimestampAt =
        RecordLayout.BORN_HOST_AT + Hosts.bytes((sysFlag & SysFlag.BORN_HOST_V6) != 0);
    int reconsumeTimesAt =
        storeTimestampAt + Long.BYTES + Hosts.bytes((sysFlag & SysFlag.STORE_HOST_V6) != 0);
    int bodyLengthAt = reconsumeTimesAt + Integer.BYTES + Long.BYTES;

    int bodyAt = after(bodyLengthAt, Integer.BYTES, size, "body length");
    int bodyBytes = bytes.getInt(bodyLengthAt);
    int topicLengthAt = after(bodyAt, bodyBytes, size, "body");
    int topicAt = after(topicLengthAt, topicLengthBytes, size, "topic length");
    int topicBytes =
        topicLengthBytes == 1
            ? bytes.get(topicLengthAt) & 0xFF
            : bytes.getShort(topicLengthAt) & 0xFFFF;
    int propertiesLengthAt = after(topicAt, topicBytes, size, "topic");
    int propertiesAt = after(propertiesLengthAt, Short.BYTES, size, "properties length");
    int propertiesBytes = bytes.getShort(propertiesLengthAt) & 0xFFFF;
    int end = after(propertiesAt, propertiesBytes, size, "properties");
    if (end != size) {
      throw new MalformedRecordException(
          "the parts of a record have " + end + " bytes; its size is " + size);
    }
    return new RecordShape(
        size,
        storeTimestampAt,
        reconsumeTimesAt,
        bodyAt,
        bodyBytes,
        topicAt,
        topicBytes,
        propertiesAt,
        propertiesBytes);
  }

  private static int topicLengthBytes(int magic) {
    return switch (magic) {
      case RecordLayout.MAGIC_V1 -> Byte.BYTES;
      case RecordLayout.MAGIC_V2 -> Short.BYTES;
      default ->
          throw new MalformedRecordException(
              String.format(
                  "record magic is %08X; it must be %08X or %08X",
                  magic, RecordLayout.MAGIC_V1, RecordLayout.MAGIC_V2));
    };
  }

  /** The index after {@code bytes} bytes from {@code at}, which is within the record. */
  private static int after(int at, int bytes, int size, String what) {
    if (bytes < 0 || bytes > size - at) {
      throw new MalformedRecordException(
          "the "
              + what
              + " of a record has "
              + bytes
              + " bytes at "
              + at
              + "; the record's size is "
              + size);
    }
    return at + bytes;
  }
}
