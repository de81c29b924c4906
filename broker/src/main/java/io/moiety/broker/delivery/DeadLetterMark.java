package io.moiety.broker.delivery;

import io.moiety.broker.store.AckRange;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The property by which a dead letter names the message it was made from. The copy itself thereby
 * acknowledges the original: one record, so that no crash can lose the message or double it.
 */
final class DeadLetterMark {
  static final String PROPERTY = PropertyNames.DEAD_LETTER_OF;
  private static final String SEPARATOR = ",";

  /** Numbers and topics have no comma; what is before them is the group, whatever is in it. */
  private static final Pattern TEXT = Pattern.compile("(.+),([^,]+),(\\d{1,9}),(\\d{1,18})");

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
    Matcher mark = TEXT.matcher(text);
    if (!mark.matches()) {
      throw new IllegalArgumentException(
          PROPERTY + " is '" + text + "'; it must be group,topic,queueId,queueOffset");
    }
    long queueOffset = Long.parseLong(mark.group(4));
    return new AckRange(
        mark.group(1), mark.group(2), Integer.parseInt(mark.group(3)), queueOffset, queueOffset);
  }
}
