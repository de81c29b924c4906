package io.moiety.broker.store;

import io.moiety.broker.log.Appended;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import java.nio.ByteBuffer;

/**
 * A record that is in the log, as views see it: the same whether it was just appended or is being
 * replayed, which is what makes a replayed view equal to the one that was lost.
 *
 * @param position byte address in the commit log
 * @param sizeBytes size in the log
 */
public record LoggedRecord(
    String topic,
    int queueId,
    long queueOffset,
    long position,
    int sizeBytes,
    int sysFlag,
    long bornTimestampMillis,
    long storeTimestampMillis,
    long preparedTransactionOffset,
    MessageProperties properties,
    ByteBuffer body) {

  static LoggedRecord appended(RecordDraft draft, Appended appended) {
    return new LoggedRecord(
        draft.topic(),
        draft.queueId(),
        draft.queueOffset(),
        appended.position(),
        appended.sizeBytes(),
        draft.sysFlag(),
        draft.bornTimestampMillis(),
        appended.storeTimestampMillis(),
        draft.preparedTransactionOffset(),
        draft.properties(),
        draft.body());
  }

  static LoggedRecord replayed(RecordView view) {
    return new LoggedRecord(
        view.topic(),
        view.queueId(),
        view.queueOffset(),
        view.position(),
        view.sizeBytes(),
        view.sysFlag(),
        view.bornTimestampMillis(),
        view.storeTimestampMillis(),
        view.preparedTransactionOffset(),
        view.properties(),
        view.body());
  }

  /** What this record is known by: its own place and time, or those of what it is a copy of. */
  public Carried origin() {
    return Carried.of(properties).orElseGet(() -> new Carried(position, storeTimestampMillis));
  }

  /** Whether it is a copy that was carried forward: nothing happened but that it lies elsewhere. */
  public boolean isCarried() {
    return properties.has(PropertyNames.CARRIED);
  }

  /** First position after this record. */
  public long endPosition() {
    return position + sizeBytes;
  }
}
