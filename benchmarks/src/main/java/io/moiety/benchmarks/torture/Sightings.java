package io.moiety.benchmarks.torture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which messages consumers have seen, and where. A message that is delivered again from the same
 * place is seen once; at two places it is there twice. Thread-safe.
 */
final class Sightings {
  private static final int MAX_FINDINGS = 100;

  private final Map<String, Place> placeByMessage = new HashMap<>();
  private final Map<Place, String> messageByPlace = new HashMap<>();
  private final List<String> findings = new ArrayList<>();

  /** Where a message lies for its consumers. */
  record Place(String topic, int queueId, long queueOffset) {}

  synchronized void saw(String message, Place place) {
    Place before = placeByMessage.putIfAbsent(message, place);
    String other = messageByPlace.putIfAbsent(place, message);
    if (findings.size() < MAX_FINDINGS) {
      if (before != null && !before.equals(place)) {
        findings.add("message " + message + " is at " + before + " and at " + place);
      }
      if (other != null && !other.equals(message)) {
        findings.add("at " + place + " was message " + other + " and is " + message);
      }
    }
  }

  synchronized boolean has(String message) {
    return placeByMessage.containsKey(message);
  }

  synchronized int count() {
    return placeByMessage.size();
  }

  /** What can never be right, whatever the transactions were. */
  synchronized List<String> findings() {
    return List.copyOf(findings);
  }
}
