package io.moiety.broker.delay;

import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The messages that wait for an exact time, by that time.
 *
 * <p>Owner: the store turn.
 */
final class TimerSchedule implements View {
  private final QueueTable queues;
  private final TreeSet<Delayed> waiting = new TreeSet<>();

  TimerSchedule(QueueTable queues) {
    this.queues = queues;
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    Optional<DueMarker> delivered =
        record.properties().get(PropertyNames.DUE_OF).flatMap(DueMarker::parse);
    if (delivered.isPresent()) {
      DueMarker marker = delivered.get();
      waiting.remove(
          new Delayed(
              marker.dueMillis(),
              marker.topic(),
              marker.queueId(),
              marker.queueOffset(),
              marker.position(),
              0));
    } else if (record.topic().equals(SystemTopics.TIMER)) {
      long dueMillis =
          record.properties().get(PropertyNames.TIMER_OUT_MS).map(Long::parseLong).orElse(0L);
      waiting.add(
          new Delayed(
              dueMillis,
              record.topic(),
              record.queueId(),
              record.queueOffset(),
              record.position(),
              record.sizeBytes()));
    }
  }

  /** Goes on behind a message that cannot be read, until the next start. */
  void passOver(Delayed delayed) {
    waiting.remove(delayed);
  }

  /** The message that is due next, if it may be served. */
  Optional<Delayed> head() {
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(waiting.first()).filter(this::isServed);
  }

  private boolean isServed(Delayed delayed) {
    return queues
        .find(delayed.topic(), delayed.queueId())
        .filter(queue -> queue.servedOffset() > delayed.queueOffset())
        .isPresent();
  }
}
