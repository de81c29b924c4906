package io.moiety.broker.delay;

import io.moiety.broker.config.DelayLevels;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The messages that wait on a delay level. A level is a queue, so all that is to be remembered of
 * it is how far it was delivered; and that follows from the delivered copies.
 *
 * <p>Owner: the store turn.
 */
final class LevelSchedule implements View {
  private final QueueTable queues;
  private final DelayLevels levels;
  private final Map<Integer, Long> nextOffsetByQueue = new HashMap<>();
  private long startedMillis;
  private long startPosition;

  LevelSchedule(QueueTable queues, DelayLevels levels) {
    this.queues = queues;
    this.levels = levels;
  }

  /** After replay: what lies before the position was stored by an earlier run, on its clock. */
  void started(long nowMillis, long endPosition) {
    startedMillis = nowMillis;
    startPosition = endPosition;
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    record
        .properties()
        .get(PropertyNames.DUE_OF)
        .flatMap(DueMarker::parse)
        .filter(marker -> marker.topic().equals(SystemTopics.SCHEDULE))
        .ifPresent(
            marker ->
                nextOffsetByQueue.merge(marker.queueId(), marker.queueOffset() + 1, Math::max));
  }

  /** Goes on behind a message that cannot be read. */
  void passOver(Delayed delayed) {
    if (delayed.topic().equals(SystemTopics.SCHEDULE)) {
      nextOffsetByQueue.merge(delayed.queueId(), delayed.queueOffset() + 1, Math::max);
    }
  }

  /** The message that is due next, if any may be served. */
  Optional<Delayed> head() {
    return queues.of(SystemTopics.SCHEDULE).stream()
        .flatMap(queue -> headOf(queue).stream())
        .min(Delayed::compareTo);
  }

  private Optional<Delayed> headOf(ConsumeQueue queue) {
    long next = Math.max(nextOffsetByQueue.getOrDefault(queue.queueId(), 0L), queue.minOffset());
    if (next >= queue.servedOffset()) {
      return Optional.empty();
    }
    Entry entry = queue.entry(next);
    return Optional.of(
        new Delayed(
            dueMillis(queue.queueId() + 1, entry),
            queue.topic(),
            queue.queueId(),
            next,
            entry.position(),
            entry.sizeBytes()));
  }

  /**
   * A clock that was ahead when the message was stored must not hold it for longer than its level.
   */
  private long dueMillis(int level, Entry entry) {
    return entry.position() < startPosition
        ? Math.min(entry.tagsCode(), startedMillis + levels.delayMillis(levels.clamp(level)))
        : entry.tagsCode();
  }
}
