package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The deliveries that the application has seen and the broker has not been told of, as spans in the
 * order of delivery. Thread-safe.
 */
final class Unacknowledged {

  private final List<AckSpan> spans = new ArrayList<>();
  private int count;

  synchronized void add(Delivery delivery) {
    count++;
    if (!spans.isEmpty()) {
      AckSpan last = spans.get(spans.size() - 1);
      if (last.consumer() == delivery.consumer()
          && last.queueId() == delivery.queueId()
          && last.lastOffset() + 1 == delivery.queueOffset()) {
        spans.set(
            spans.size() - 1,
            new AckSpan(
                last.consumer(), last.queueId(), last.firstOffset(), delivery.queueOffset()));
        return;
      }
    }
    spans.add(AckSpan.of(delivery));
  }

  synchronized int count() {
    return count;
  }

  /** The one that was delivered before all others. */
  synchronized Optional<AckSpan> first() {
    return spans.isEmpty() ? Optional.empty() : Optional.of(spans.get(0));
  }

  /** Everything. */
  synchronized List<AckSpan> spans() {
    return List.copyOf(spans);
  }

  /** Everything, which is then no longer here. */
  synchronized List<AckSpan> drain() {
    List<AckSpan> all = List.copyOf(spans);
    spans.clear();
    count = 0;
    return all;
  }
}
