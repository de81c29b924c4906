package io.moiety.broker.delay;

import io.moiety.broker.config.DelayLevels;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The messages that wait on a delay level. A level is a queue, so all that is to be remembered of
 * it is how far it was delivered; and that follows from the delivered copies.
 *
 * <p>Owner: the store turn.
 */
final class LevelSchedule implements StoredView, LiveRecords {
  private static final Logger LOG = System.getLogger(LevelSchedule.class.getName());

  private final QueueTable queues;
  private final DelayLevels levels;
  private final Map<Integer, Long> nextOffsetByQueue = new TreeMap<>();

  /** Behind messages that cannot be read. Of this run only: the next one tries them again. */
  private final Map<Integer, Long> passedOverByQueue = new HashMap<>();

  /**
   * Where levels stop, since nothing tells where their next message is. To go on behind it would be
   * to forget it: the next start, which rebuilds the block, goes on behind what was delivered last.
   */
  private final Map<Integer, Long> stopByQueue = new HashMap<>();

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

  /** What was delivered of messages that are gone with their segments is not in it. */
  @Override
  public Object state() {
    Map<Integer, Long> progress = new TreeMap<>();
    nextOffsetByQueue.forEach(
        (queueId, next) -> {
          boolean known =
              queues
                  .find(SystemTopics.SCHEDULE, queueId)
                  .filter(queue -> queue.minOffset() < next)
                  .isPresent();
          if (known) {
            progress.put(queueId, next);
          }
        });
    return progress;
  }

  @Override
  public String sectionName() {
    return "delay-levels";
  }

  @Override
  public int sectionVersion() {
    return 1;
  }

  /** Count 4 bytes; of each queue its id 4 bytes, the queue offset that is delivered next 8. */
  @Override
  public Section capture() {
    Map<Integer, Long> captured = new TreeMap<>(nextOffsetByQueue);
    return out -> {
      out.writeInt(captured.size());
      for (Map.Entry<Integer, Long> next : captured.entrySet()) {
        out.writeInt(next.getKey());
        out.writeLong(next.getValue());
      }
    };
  }

  @Override
  public void restore(DataInput section) throws IOException {
    for (int left = section.readInt(); left > 0; left--) {
      nextOffsetByQueue.put(section.readInt(), section.readLong());
    }
  }

  /** Goes on behind a message that cannot be read. */
  void passOver(Delayed delayed) {
    if (delayed.topic().equals(SystemTopics.SCHEDULE)) {
      passedOverByQueue.merge(delayed.queueId(), delayed.queueOffset() + 1, Math::max);
    }
  }

  /** What is not delivered yet; a level delivers in the order of its queue. */
  @Override
  public LiveLook look(long endPosition) {
    return live -> {
      addLive(endPosition, live);
      return true;
    };
  }

  private void addLive(long endPosition, LiveSet live) {
    for (ConsumeQueue queue : queues.of(SystemTopics.SCHEDULE)) {
      long offset = queue.nextPresent(nextOffsetByQueue.getOrDefault(queue.queueId(), 0L));
      while (offset < queue.nextOffset() && !live.isFull()) {
        Optional<Entry> entry = queue.find(offset);
        boolean inside = entry.isPresent() && entry.get().position() < endPosition;
        if (inside) {
          live.add(entry.get().position(), entry.get().sizeBytes());
        } else if (offset >= queue.carriedEndOffset()) {
          break;
        }
        offset = queue.nextPresent(offset + 1);
      }
    }
  }

  /** A copy of what was delivered would be delivered again, once the delivered one is gone. */
  @Override
  public boolean isLive(RecordView record) {
    return !record.topic().equals(SystemTopics.SCHEDULE)
        || record.queueOffset() >= nextOffsetByQueue.getOrDefault(record.queueId(), 0L);
  }

  /** The message that is due next, if any may be served. Asked twice in each batch of the turn. */
  Optional<Delayed> head() {
    Optional<Delayed> first = Optional.empty();
    for (ConsumeQueue queue : queues.of(SystemTopics.SCHEDULE)) {
      Optional<Delayed> next = headOf(queue);
      if (next.isPresent() && (first.isEmpty() || next.get().compareTo(first.get()) < 0)) {
        first = next;
      }
    }
    return first;
  }

  /** Those that are due until then and may be served, of each level at most so many. */
  List<Delayed> dueUntil(long millis, int limit) {
    List<Delayed> due = new ArrayList<>();
    for (ConsumeQueue queue : queues.of(SystemTopics.SCHEDULE)) {
      Optional<Delayed> next = headOf(queue);
      for (int i = 0; i < limit && next.isPresent() && next.get().dueMillis() <= millis; i++) {
        due.add(next.get());
        next = findFrom(queue, next.get().queueOffset() + 1);
      }
    }
    return due;
  }

  private Optional<Delayed> headOf(ConsumeQueue queue) {
    long delivered = nextOffsetByQueue.getOrDefault(queue.queueId(), 0L);
    long passedOver = passedOverByQueue.getOrDefault(queue.queueId(), 0L);
    return findFrom(queue, Math.max(delivered, passedOver));
  }

  /** A level whose block is damaged waits for the next start; the others go on. */
  private Optional<Delayed> findFrom(ConsumeQueue queue, long queueOffset) {
    if (queueOffset >= stopByQueue.getOrDefault(queue.queueId(), Long.MAX_VALUE)) {
      return Optional.empty();
    }
    try {
      return firstFrom(queue, queueOffset);
    } catch (BlockDamagedException | UncheckedIOException damaged) {
      stopByQueue.put(queue.queueId(), queueOffset);
      LOG.log(
          Level.ERROR,
          "Delay level {0} stops before its message {1} until the broker is started again: {2}",
          queue.queueId() + 1,
          Long.toString(queueOffset),
          damaged.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Delayed> firstFrom(ConsumeQueue queue, long queueOffset) {
    long present = queue.nextPresent(queueOffset);
    if (present >= queue.servedOffset()) {
      return Optional.empty();
    }
    return queue
        .find(present)
        .map(
            entry ->
                new Delayed(
                    dueMillis(queue.queueId() + 1, entry),
                    queue.topic(),
                    queue.queueId(),
                    present,
                    entry.position(),
                    entry.position(),
                    entry.sizeBytes(),
                    0));
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
