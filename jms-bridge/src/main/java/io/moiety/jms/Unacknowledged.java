package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Delivery;
import java.util.ArrayList;
import java.util.List;

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

  /** Everything, which is then no longer here. */
  synchronized List<AckSpan> drain() {
    List<AckSpan> all = List.copyOf(spans);
    spans.clear();
    count = 0;
    return all;
  }
}
