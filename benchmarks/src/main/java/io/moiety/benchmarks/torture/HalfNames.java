package io.moiety.benchmarks.torture;

import io.moiety.client.HalfMessage;

/** How a history names a half message, so that it can be resolved by whoever reads it. */
final class HalfNames {
  private HalfNames() {}

  static String write(HalfMessage half) {
    return "%d %d %s %s"
        .formatted(half.position(), half.halfOffset(), half.uniqueKey(), half.topic());
  }

  static HalfMessage read(String text) {
    String[] words = text.split(" ", 4);
    return new HalfMessage(
        Deputy.PRODUCER_GROUP,
        words[3],
        words[2],
        Long.parseLong(words[1]),
        Long.parseLong(words[0]));
  }
}
