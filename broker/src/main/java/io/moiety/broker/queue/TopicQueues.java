package io.moiety.broker.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The queues of one topic. {@link #add} belongs to the store turn; looking is open to any thread.
 */
final class TopicQueues {
  private volatile List<ConsumeQueue> inOrder = List.of();

  /** By queue id. */
  List<ConsumeQueue> inOrder() {
    return inOrder;
  }

  Optional<ConsumeQueue> find(int queueId) {
    List<ConsumeQueue> queues = inOrder;
    int low = 0;
    int high = queues.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (queues.get(middle).queueId() < queueId) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < queues.size() && queues.get(low).queueId() == queueId
        ? Optional.of(queues.get(low))
        : Optional.empty();
  }

  void add(ConsumeQueue queue) {
    List<ConsumeQueue> more = new ArrayList<>(inOrder);
    more.add(queue);
    more.sort(Comparator.comparingInt(ConsumeQueue::queueId));
    inOrder = List.copyOf(more);
  }
}
