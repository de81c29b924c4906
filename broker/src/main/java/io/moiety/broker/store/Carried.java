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
 * @param known what the view that cares for the record knew of it besides, in words of its own;
 *     empty when nothing
 */
public record Carried(long position, long storeTimestampMillis, String known) {

  /** Of a record that says all there is to know. */
  public Carried(long position, long storeTimestampMillis) {
    this(position, storeTimestampMillis, "");
  }

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

  /** The same with what is known by now. */
  public Carried withKnown(String nowKnown) {
    return new Carried(position, storeTimestampMillis, nowKnown);
  }

  /** The value of the property. */
  public String format() {
    String origin = position + ":" + storeTimestampMillis;
    return known.isEmpty() ? origin : origin + ":" + known;
  }

  private static Carried parse(String text) {
    String[] parts = text.split(":", 3);
    if (parts.length < 2) {
      throw new IllegalArgumentException(
          "property " + PropertyNames.CARRIED + " is '" + text + "', not position:time");
    }
    return new Carried(
        Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts.length > 2 ? parts[2] : "");
  }
}
