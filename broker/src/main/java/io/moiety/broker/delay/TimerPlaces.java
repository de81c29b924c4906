package io.moiety.broker.delay;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.protocol.SystemTopics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the messages with exact times lie: their consume queue tells. Separate from {@link
 * TimerSchedule}, which knows when they are due. No state of its own.
 *
 * <p>Owner: the store turn.
 */
record TimerPlaces(QueueTable queues) {
  /** They all wait in this queue. */
  private static final int QUEUE_ID = 0;

  Optional<ConsumeQueue> queue() {
    return queues.find(SystemTopics.TIMER, QUEUE_ID);
  }

  /** Where a message lies; empty when it is gone. May read a file. */
  Optional<Entry> find(long queueOffset) {
    return queue()
        .filter(queue -> queueOffset < queue.nextOffset())
        .flatMap(queue -> queue.find(queueOffset));
  }

  /** A message as it lies now, if it may be served. May read a file. */
  Optional<Delayed> served(TimerEntry entry) {
    return queue()
        .filter(queue -> queue.servedOffset() > entry.queueOffset())
        .flatMap(queue -> queue.find(entry.queueOffset()))
        .map(place -> delayed(entry, place));
  }

  private static Delayed delayed(TimerEntry entry, Entry place) {
    return new Delayed(
        entry.dueMillis(),
        SystemTopics.TIMER,
        QUEUE_ID,
        entry.queueOffset(),
        entry.originPosition(),
        place.position(),
        place.sizeBytes());
  }

  /** Blocks that {@link #served} would read from the file, for these entries. */
  List<Integer> unreadBlocks(List<TimerEntry> entries) {
    Set<Integer> unread = new LinkedHashSet<>();
    for (TimerEntry entry : entries) {
      queue().ifPresent(queue -> queue.unreadBlock(entry.queueOffset()).ifPresent(unread::add));
    }
    return List.copyOf(unread);
  }
}
