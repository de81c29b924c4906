package io.moiety.broker.store;

import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Tells a person what the broker's own records say. Holds no state. */
public final class StateRecords {
  private StateRecords() {}

  /**
   * The fact, or the part of a base, that a record holds; empty for a message. What a newer version
   * wrote is said to be unknown.
   */
  public static Optional<String> describe(RecordView record) {
    if (!record.topic().equals(SystemTopics.STATE)) {
      return Optional.empty();
    }
    ByteBuffer body = record.body();
    try {
      return Optional.of(
          Base.isOfBase(record.topic(), record.queueId())
              ? BaseRecordCodec.decode(body).toString()
              : SystemRecordCodec.decode(body).toString());
    } catch (RuntimeException unreadable) {
      // Broad, since a body of a newer format can fail in any way.
      return Optional.of("unreadable: " + unreadable.getMessage());
    }
  }
}
