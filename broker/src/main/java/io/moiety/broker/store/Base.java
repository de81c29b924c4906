package io.moiety.broker.store;

import io.moiety.broker.log.CommitLog;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;

/**
 * Where a base lies in the log.
 *
 * @param id in its begin mark, so that a base of another log at the same place is told from it
 * @param position of its begin mark
 * @param endPosition first position after its end mark
 */
public record Base(String id, long position, long endPosition) {

  public long sizeBytes() {
    return endPosition - position;
  }

  /** Whether the log holds this base and all of it. Reads one record. */
  public boolean isIn(CommitLog log) {
    return position >= log.firstPosition()
        && endPosition <= log.appendedPosition()
        && log.find(position).filter(this::isMyBegin).isPresent();
  }

  private boolean isMyBegin(RecordView record) {
    return isOfBase(record.topic(), record.queueId())
        && BaseRecordCodec.decode(ByteBuffer.wrap(bytesOf(record)))
            instanceof BaseRecord.Begun begun
        && begun.id().equals(id);
  }

  static boolean isOfBase(String topic, int queueId) {
    return queueId == BaseRecord.QUEUE_ID && topic.equals(SystemTopics.STATE);
  }

  private static byte[] bytesOf(RecordView record) {
    byte[] bytes = new byte[record.body().remaining()];
    record.body().duplicate().get(bytes);
    return bytes;
  }
}
