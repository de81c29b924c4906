package io.moiety.broker.index;

import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;

/**
 * Which messages are searched.
 *
 * @param key one of {@code KEYS}, or the {@code UNIQ_KEY}
 * @param maxMessages at least 1
 * @param fromMillis earliest store time
 * @param toMillis latest store time
 */
public record KeyQuery(String topic, String key, int maxMessages, long fromMillis, long toMillis) {

  /**
   * Whether a record is one of them.
   *
   * @param storeTimestampMillis when it was stored; of a carried copy, when the original was
   */
  boolean matches(RecordView record, long storeTimestampMillis) {
    return storeTimestampMillis >= fromMillis
        && storeTimestampMillis <= toMillis
        && record.topic().equals(topic)
        && (record.property(PropertyNames.UNIQUE_KEY).filter(key::equals).isPresent()
            || record.property(PropertyNames.KEYS).filter(this::isAmong).isPresent());
  }

  private boolean isAmong(String keys) {
    return Keys.contain(keys, key);
  }
}
