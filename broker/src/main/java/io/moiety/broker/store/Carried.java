package io.moiety.broker.store;

import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.util.Optional;

/**
 * What a carried copy says of its original: where it was, which is the name that clients and other
 * records know it by, and when it was stored. A copy of a copy says the same as the copy.
 *
 * @param position byte address of the original in the commit log
 * @param storeTimestampMillis when the original was appended
 */
public record Carried(long position, long storeTimestampMillis) {

  /** Of a copy; empty for a record that was never carried. */
  public static Optional<Carried> of(MessageProperties properties) {
    Optional<String> text = properties.get(PropertyNames.CARRIED);
    return text.map(Carried::parse);
  }

  /** What a record is known by: its original's place and time, or its own. */
  public static Carried origin(RecordView record) {
    return of(record.properties())
        .orElseGet(() -> new Carried(record.position(), record.storeTimestampMillis()));
  }

  /** The value of the property. */
  public String format() {
    return position + ":" + storeTimestampMillis;
  }

  private static Carried parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          "property " + PropertyNames.CARRIED + " is '" + text + "', not position:time");
    }
    return new Carried(
        Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
  }
}
