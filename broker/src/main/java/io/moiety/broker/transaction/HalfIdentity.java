package io.moiety.broker.transaction;

import io.moiety.broker.store.Carried;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.util.Optional;

/**
 * By what everybody knows a half message, wherever the record lies that holds it now: carried
 * forward, or taken back from where it was parked.
 *
 * @param position byte address of the half record as it was sent
 * @param queueOffset its offset in the half queue then
 */
record HalfIdentity(long position, long queueOffset) {

  static HalfIdentity of(RecordView record) {
    return resumed(record.properties())
        .orElseGet(() -> new HalfIdentity(Carried.origin(record).position(), record.queueOffset()));
  }

  static HalfIdentity of(LoggedRecord record) {
    return resumed(record.properties())
        .orElseGet(() -> new HalfIdentity(record.origin().position(), record.queueOffset()));
  }

  /** Of what was parked: the half message that it was. */
  static HalfIdentity ofParked(RecordView parked) {
    return parked(parked.preparedTransactionOffset(), parked.properties());
  }

  /** As the other. */
  static HalfIdentity ofParked(LoggedRecord parked) {
    return parked(parked.preparedTransactionOffset(), parked.properties());
  }

  private static HalfIdentity parked(long halfPosition, MessageProperties properties) {
    long queueOffset =
        properties
            .get(PropertyNames.TRANSACTION_PREPARED_QUEUE_OFFSET)
            .map(Long::parseLong)
            .orElse(0L);
    return new HalfIdentity(halfPosition, queueOffset);
  }

  /** The value of {@link PropertyNames#RESUMED}. */
  String format() {
    return position + ":" + queueOffset;
  }

  private static Optional<HalfIdentity> resumed(MessageProperties properties) {
    return properties.get(PropertyNames.RESUMED).map(HalfIdentity::parse);
  }

  private static HalfIdentity parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          "property " + PropertyNames.RESUMED + " is '" + text + "', not position:queueOffset");
    }
    return new HalfIdentity(
        Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
  }
}
