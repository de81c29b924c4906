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

  /** False when it was given back meanwhile, so that there is nothing to acknowledge. */
  synchronized boolean remove(Delivery delivery) {
    for (int i = spans.size() - 1; i >= 0; i--) {
      AckSpan span = spans.get(i);
      if (holds(span, delivery)) {
        spans.remove(i);
        long offset = delivery.queueOffset();
        keep(i, span, offset + 1, span.lastOffset());
        keep(i, span, span.firstOffset(), offset - 1);
        count--;
        return true;
      }
    }
    return false;
  }

  private static boolean holds(AckSpan span, Delivery delivery) {
    return span.consumer() == delivery.consumer()
        && span.queueId() == delivery.queueId()
        && span.firstOffset() <= delivery.queueOffset()
        && span.lastOffset() >= delivery.queueOffset();
  }

  private void keep(int index, AckSpan of, long firstOffset, long lastOffset) {
    if (firstOffset <= lastOffset) {
      spans.add(index, new AckSpan(of.consumer(), of.queueId(), firstOffset, lastOffset));
    }
  }

  /** What {@link #drain} gave and the broker did not take is here again, before what came since. */
  synchronized void restore(List<AckSpan> drained) {
    spans.addAll(0, drained);
    for (AckSpan span : drained) {
      count += (int) (span.lastOffset() - span.firstOffset() + 1);
    }
  }

  /** Everything, which is then no longer here. */
  synchronized List<AckSpan> drain() {
    List<AckSpan> all = List.copyOf(spans);
    spans.clear();
    count = 0;
    return all;
  }
}
