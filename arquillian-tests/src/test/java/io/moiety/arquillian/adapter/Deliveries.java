package io.moiety.arquillian.adapter;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the application's beans were called with. Static, since test and beans share their class
 * loader only.
 */
final class Deliveries {

  /**
   * @param count {@code JMSXDeliveryCount}
   */
  record Delivery(String queue, String text, int count) {}

  private static final List<Delivery> SEEN = new CopyOnWriteArrayList<>();

  private Deliveries() {}

  static void add(String queue, String text, int count) {
    SEEN.add(new Delivery(queue, text, count));
  }

  static List<Delivery> of(String queue, String text) {
    return SEEN.stream()
        .filter(seen -> seen.queue().equals(queue) && seen.text().equals(text))
        .toList();
  }
}
