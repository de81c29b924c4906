package io.moiety.broker.delivery;

import io.moiety.broker.store.AckRange;
import io.moiety.protocol.MessageProperties;
import java.util.Optional;

/**
 * The property by which a dead letter names the message it was made from. The copy itself thereby
 * acknowledges the original: one record, so that no crash can lose the message or double it.
 */
final class DeadLetterMark {
  static final String PROPERTY = "__MOIETY_DLQ_OF";
  private static final String SEPARATOR = ",";
  private static final int PARTS = 4;

  private DeadLetterMark() {}

  static String of(LedgerKey key, long queueOffset) {
    return String.join(
        SEPARATOR,
        key.group(),
        key.topic(),
        Integer.toString(key.queueId()),
        Long.toString(queueOffset));
  }

  /** What a dead letter acknowledges; empty for other messages. */
  static Optional<AckRange> read(MessageProperties properties) {
    return properties.get(PROPERTY).map(DeadLetterMark::parse);
  }

  private static AckRange parse(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException(
          PROPERTY + " is '" + text + "'; it must be group,topic,queueId,queueOffset");
    }
    long queueOffset = Long.parseLong(parts[3]);
    return new AckRange(parts[0], parts[1], Integer.parseInt(parts[2]), queueOffset, queueOffset);
  }
}
