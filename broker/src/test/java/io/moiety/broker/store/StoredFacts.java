package io.moiety.broker.store;

import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.util.Optional;

/** Facts as they lie in a log, for tests that read one. */
public final class StoredFacts {
  private StoredFacts() {}

  /** The fact that a record is; empty for a message and for what belongs to a base. */
  public static Optional<SystemRecord> of(RecordView record) {
    return record.topic().equals(SystemTopics.STATE)
            && !Base.isOfBase(record.topic(), record.queueId())
        ? Optional.of(SystemRecordCodec.decode(record.body()))
        : Optional.empty();
  }
}
