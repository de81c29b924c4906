package io.moiety.broker.transaction;

import java.util.Map;
import java.util.TreeMap;

/** What consumers of one queue have seen, and where: one message at one place, for ever. */
final class Seen {
  private final Map<Long, String> bodyByOffset = new TreeMap<>();

  void saw(long queueOffset, String body) {
    String other = bodyByOffset.putIfAbsent(queueOffset, body);
    if (other != null && !other.equals(body)) {
      throw new AssertionError(
          other + " was visible at " + queueOffset + ", where now " + body + " is");
    }
    if (bodyByOffset.values().stream().filter(body::equals).count() > 1) {
      throw new AssertionError(body + " is visible twice: " + bodyByOffset);
    }
  }

  boolean contains(String body) {
    return bodyByOffset.containsValue(body);
  }

  @Override
  public String toString() {
    return bodyByOffset.toString();
  }
}
