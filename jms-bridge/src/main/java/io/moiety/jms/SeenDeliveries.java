package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What an application has seen, went back to the broker with a lost connection and has not come
 * again. The broker may not have heard that it was handed over, so this is who knows that it is
 * redelivered. The oldest are forgotten when there are too many: of those the broker has heard.
 *
 * <p>Guarded by its {@link ResumingSession}'s monitor.
 */
final class SeenDeliveries {

  private static final int MAX_PLACES = 10_000;

  /** Where a message of a subscription is; the same again when it comes again. */
  private record Place(String group, String topic, int queueId, long offset) {}

  private final Set<Place> places = new LinkedHashSet<>();

  void add(ConsumerSpec spec, AckSpan span) {
    long first = Math.max(span.firstOffset(), span.lastOffset() - MAX_PLACES + 1);
    for (long offset = first; offset <= span.lastOffset(); offset++) {
      places.add(new Place(spec.group(), spec.topic(), span.queueId(), offset));
    }
    while (places.size() > MAX_PLACES) {
      places.remove(places.iterator().next());
    }
  }

  boolean has(ConsumerSpec spec, Delivery delivery) {
    return !places.isEmpty() && places.contains(place(spec, delivery));
  }

  /** It has come again. */
  void remove(ConsumerSpec spec, Delivery delivery) {
    if (!places.isEmpty()) {
      places.remove(place(spec, delivery));
    }
  }

  private static Place place(ConsumerSpec spec, Delivery delivery) {
    return new Place(spec.group(), spec.topic(), delivery.queueId(), delivery.queueOffset());
  }

  /** Of topics that begin anew, whose places are those of other messages from now on. */
  void forget(Predicate<String> topics) {
    places.removeIf(place -> topics.test(place.topic()));
  }
}
