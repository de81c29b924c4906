package io.moiety.broker.delay;

import java.util.Optional;

/** Reads {@link Delayed#marker()} back. */
record DueMarker(String topic, int queueId, long queueOffset, long dueMillis, long position) {
  private static final int PARTS = 5;

  static Optional<DueMarker> parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != PARTS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new DueMarker(
              parts[0],
              Integer.parseInt(parts[1]),
              Long.parseLong(parts[2]),
              Long.parseLong(parts[3]),
              Long.parseLong(parts[4])));
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }
}
