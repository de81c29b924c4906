package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What is to be stored. Position and store time are missing: the log sets them as it appends. The
 * body is shared, not copied, and never consumed.
 *
 * <p>What cannot be written in the record layout cannot be a draft: the constructor refuses it. The
 * bits of the system flag that tell the hosts' address families are set to what the hosts are, and
 * a {@code __CRC32#} among the properties, as a copied record has one, is left out.
 *
 * @param queueOffset index in the consume queue
 * @param preparedTransactionOffset in a committed message the position of its half message; else 0
 */
public record RecordDraft(
    String topic,
    int queueId,
    int flag,
    long queueOffset,
    int sysFlag,
    long bornTimestampMillis,
    InetSocketAddress bornHost,
    InetSocketAddress storeHost,
    int reconsumeTimes,
    long preparedTransactionOffset,
    ByteBuffer body,
    MessageProperties properties) {

  /**
   * @throws IllegalArgumentException when topic, properties or the whole are too long, or a host is
   *     not resolved
   */
  public RecordDraft {
    if (topic.isEmpty() || topic.getBytes(UTF_8).length > RecordLayout.MAX_TOPIC_BYTES) {
      throw new IllegalArgumentException(
          "a topic name must have 1 to " + RecordLayout.MAX_TOPIC_BYTES + " bytes");
    }
    properties = properties.without(PropertyNames.CRC32);
    if (properties.encodedBytes() > RecordLayout.MAX_PROPERTIES_BYTES) {
      throw new IllegalArgumentException(
          "properties of "
              + properties.encodedBytes()
              + " bytes; "
              + RecordLayout.MAX_PROPERTIES_BYTES
              + " is the most");
    }
    sysFlag = withFamily(sysFlag, SysFlag.BORN_HOST_V6, bornHost);
    sysFlag = withFamily(sysFlag, SysFlag.STORE_HOST_V6, storeHost);
    if (body.remaining() > RecordLayout.MAX_BODY_BYTES) {
      throw new IllegalArgumentException(
          "a body of "
              + body.remaining()
              + " bytes; "
              + RecordLayout.MAX_BODY_BYTES
              + " is the most");
    }
  }

  /** A draft with everything that a stored record has, its queue offset included. */
  public static RecordDraft copyOf(RecordView record) {
    return new RecordDraft(
        record.topic(),
        record.queueId(),
        record.flag(),
        record.queueOffset(),
        record.sysFlag(),
        record.bornTimestampMillis(),
        record.bornHost(),
        record.storeHost(),
        record.reconsumeTimes(),
        record.preparedTransactionOffset(),
        record.body(),
        record.properties());
  }

  /** A view of the body with a position and limit of its own; the bytes are shared. */
  @Override
  public ByteBuffer body() {
    return body.duplicate();
  }

  public RecordDraft withQueueOffset(long newQueueOffset) {
    return copy(topic, queueId, newQueueOffset, sysFlag, preparedTransactionOffset, properties);
  }

  public RecordDraft withDestination(String newTopic, int newQueueId) {
    return copy(newTopic, newQueueId, queueOffset, sysFlag, preparedTransactionOffset, properties);
  }

  public RecordDraft withSysFlag(int newSysFlag) {
    return copy(topic, queueId, queueOffset, newSysFlag, preparedTransactionOffset, properties);
  }

  public RecordDraft withPreparedTransactionOffset(long newOffset) {
    return copy(topic, queueId, queueOffset, sysFlag, newOffset, properties);
  }

  public RecordDraft withProperties(MessageProperties newProperties) {
    return copy(topic, queueId, queueOffset, sysFlag, preparedTransactionOffset, newProperties);
  }

  public RecordDraft withReconsumeTimes(int newReconsumeTimes) {
    return new RecordDraft(
        topic,
        queueId,
        flag,
        queueOffset,
        sysFlag,
        bornTimestampMillis,
        bornHost,
        storeHost,
        newReconsumeTimes,
        preparedTransactionOffset,
        body,
        properties);
  }

  private RecordDraft copy(
      String newTopic,
      int newQueueId,
      long newQueueOffset,
      int newSysFlag,
      long newPreparedTransactionOffset,
      MessageProperties newProperties) {
    return new RecordDraft(
        newTopic,
        newQueueId,
        flag,
        newQueueOffset,
        newSysFlag,
        bornTimestampMillis,
        bornHost,
        storeHost,
        reconsumeTimes,
        newPreparedTransactionOffset,
        body,
        newProperties);
  }

  private static int withFamily(int sysFlag, int v6Bit, InetSocketAddress host) {
    if (host.isUnresolved()) {
      throw new IllegalArgumentException("host " + host + " has no address");
    }
    return Hosts.isV6(host) ? sysFlag | v6Bit : sysFlag & ~v6Bit;
  }
}
