package io.moiety.broker.index;

import java.util.function.Consumer;

/** The keys of a message, as RocketMQ separates them: by spaces, which are no part of a key. */
final class Keys {
  private static final char SEPARATOR = ' ';

  private Keys() {}

  /** Passes the keys in their order, no more than so many. */
  static void each(String keys, int atMost, Consumer<String> sink) {
    int passed = 0;
    int from = 0;
    while (from < keys.length() && passed < atMost) {
      int end = keys.indexOf(SEPARATOR, from);
      if (end < 0) {
        end = keys.length();
      }
      if (end > from) {
        sink.accept(keys.substring(from, end));
        passed++;
      }
      from = end + 1;
    }
  }

  static boolean contain(String keys, String key) {
    int at = keys.indexOf(key);
    while (at >= 0) {
      int end = at + key.length();
      if ((at == 0 || keys.charAt(at - 1) == SEPARATOR)
          && (end == keys.length() || keys.charAt(end) == SEPARATOR)) {
        return true;
      }
      at = keys.indexOf(key, at + 1);
    }
    return false;
  }
}
