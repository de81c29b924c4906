package io.moiety.broker.delay;

import io.moiety.broker.config.DelayLevels;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The messages that wait on a delay level. A level is a queue, so all that is to be remembered of
 * it is what of the queue is done with; and that follows from the delivered copies and
 * cancellations.
 *
 * <p>Owner: the store turn.
 */
final class LevelSchedule implements StoredView, LiveRecords {
  private static final Logger LOG = System.getLogger(LevelSchedule.class.getName());

  private final QueueTable queues;
  private final DelayLevels delays;
  private final Map<Integer, DelayLevel> levelByQueue = new TreeMap<>();
  private long startedMillis;

  LevelSchedule(QueueTable queues, DelayLevels delays) {
    this.queues = queues;
    this.delays = delays;
  }

  /** After replay: what is there was stored by earlier runs, on their clocks. */
  void started(long nowMillis) {
    startedMillis = nowMillis;
    for (ConsumeQueue queue : queues.of(SystemTopics.SCHEDULE)) {
      level(queue.queueId()).started(queue.nextOffset());
    }
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    record
        .properties()
        .get(PropertyNames.DUE_OF)
        .flatMap(DueMarker::parse)
        .filter(marker -> marker.topic().equals(SystemTopics.SCHEDULE))
        .ifPresent(marker -> level(marker.queueId()).done(marker.queueOffset()));
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.DelayCancelled end
        && end.topic().equals(SystemTopics.SCHEDULE)) {
      level(end.queueId()).cancelled(end.queueOffset());
    }
  }

  private DelayLevel level(int queueId) {
    return levelByQueue.computeIfAbsent(queueId, unknown -> new DelayLevel());
  }

  private LevelProgress progress(int queueId) {
    return level(queueId).progress();
  }

  /** What of the log waits, and what was cancelled. */
  @Override
  public Object state() {
    Map<Integer, List<Long>> waiting = new TreeMap<>();
    Map<Integer, List<Long>> cancelled = new TreeMap<>();
    for (ConsumeQueue queue : queues.of(SystemTopics.SCHEDULE)) {
      LevelProgress progress = progress(queue.queueId());
      waiting.put(queue.queueId(), new ArrayList<>());
      cancelled.put(queue.queueId(), new ArrayList<>());
      for (long at = queue.nextPresent(0);
          at < queue.nextOffset();
          at = queue.nextPresent(at + 1)) {
        if (!progress.isDone(at)) {
          waiting.get(queue.queueId()).add(at);
        } else if (progress.isCancelled(at)) {
          cancelled.get(queue.queueId()).add(at);
        }
      }
    }
    return List.of(waiting, cancelled);
  }

  @Override
  public String sectionName() {
    return "delay-levels";
  }

  @Override
  public int sectionVersion() {
    return 2;
  }

  /** Count 4 bytes; of each queue its id 4 bytes and {@link LevelProgress.Captured#write}. */
  @Override
  public Section capture() {
    Map<Integer, LevelProgress.Captured> captured = new TreeMap<>();
    levelByQueue.forEach((queueId, level) -> captured.put(queueId, level.progress().capture()));
    return out -> {
      out.writeInt(captured.size());
      for (Map.Entry<Integer, LevelProgress.Captured> progress : captured.entrySet()) {
        out.writeInt(progress.getKey());
        progress.getValue().write(out);
      }
    };
  }

  @Override
  public void restore(DataInput section) throws IOException {
    for (int left = section.readInt(); left > 0; left--) {
      levelByQueue.put(section.readInt(), DelayLevel.restored(section));
    }
  }

  @Override
  public void forgetBefore(long firstPosition) {
    for (ConsumeQueue queue : queues.of(SystemTopics.SCHEDULE)) {
      progress(queue.queueId()).forgetGone(queue);
    }
  }

  /** Goes on behind a message that cannot be delivered now, until it is or until the next start. */
  void passOver(Delayed delayed) {
    if (delayed.topic().equals(SystemTopics.SCHEDULE)) {
      level(delayed.queueId()).passOver(delayed.queueOffset());
    }
  }

  @Override
  public LiveLook look(long endPosition) {
    return new LevelLook(queues.of(SystemTopics.SCHEDULE), this::progress, endPosition);
  }

  /** A copy of what was delivered would be delivered again, once the delivered one is gone. */
  @Override
  public boolean isLive(RecordView record) {
    return !record.topic().equals(SystemTopics.SCHEDULE)
        || isWaiting(record.queueId(), record.queueOffset());
  }

  @Override
  public boolean needs(RecordView record) {
    return record.topic().equals(SystemTopics.SCHEDULE) && isLive(record);
  }

  /** Whether a message that was found in the log still waits. */
  boolean isWaiting(int queueId, long queueOffset) {
    return !progress(queueId).isDone(queueOffset);
  }

  /** Whether it was cancelled; not known any more when the log does not have it. */
  boolean isCancelled(int queueId, long queueOffset) {
    return progress(queueId).isCancelled(queueOffset);
  }

  /** A message as it lies now; empty when it does not wait any more. */
  Optional<Delayed> find(int queueId, long queueOffset) {
    return queues
        .find(SystemTopics.SCHEDULE, queueId)
        .filter(queue -> queueOffset < queue.servedOffset())
        .filter(queue -> isWaiting(queueId, queueOffset))
        .flatMap(queue -> find(queue, queueOffset));
  }

  private Optional<Delayed> find(ConsumeQueue queue, long queueOffset) {
    return queue.find(queueOffset).map(entry -> delayed(queue, queueOffset, entry));
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
        next = readableFrom(queue, next.get().queueOffset() + 1);
      }
    }
    return due;
  }

  /** A level whose block is damaged waits for the next start; the others go on. */
  private Optional<Delayed> headOf(ConsumeQueue queue) {
    DelayLevel level = level(queue.queueId());
    long from = level.lookFrom();
    if (level.isStoppedAt(from)) {
      return Optional.empty();
    }
    try {
      Optional<Delayed> head = firstFrom(queue, from);
      head.ifPresent(found -> level.foundAt(found.queueOffset()));
      return head;
    } catch (BlockDamagedException | UncheckedIOException damaged) {
      level.stopAt(from);
      LOG.log(
          Level.ERROR,
          "Delay level {0} stops before its message {1} until the broker is started again: {2}",
          queue.queueId() + 1,
          Long.toString(from),
          damaged.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Delayed> readableFrom(ConsumeQueue queue, long queueOffset) {
    try {
      return firstFrom(queue, queueOffset);
    } catch (BlockDamagedException | UncheckedIOException toldAtItsTime) {
      return Optional.empty();
    }
  }

  private Optional<Delayed> firstFrom(ConsumeQueue queue, long queueOffset) {
    long first = level(queue.queueId()).nextToDeliver(queue, queueOffset);
    return first < queue.servedOffset() ? find(queue, first) : Optional.empty();
  }

  /**
   * A part of those that wait on a level.
   *
   * @param lookedAt how many were looked at, also of those that do not wait
   * @param next where to go on; empty at the end, or where a block is damaged
   */
  record Part(List<Delayed> waiting, int lookedAt, OptionalLong next) {}

  /** Those that wait on a level and may be served, from a queue offset on, in their order. */
  Part partFrom(int queueId, long queueOffset, int limit, int mayLookAt) {
    List<Delayed> waiting = new ArrayList<>();
    Optional<ConsumeQueue> found = queues.find(SystemTopics.SCHEDULE, queueId);
    int lookedAt = 0;
    if (found.isEmpty()) {
      return new Part(waiting, lookedAt, OptionalLong.empty());
    }
    ConsumeQueue queue = found.get();
    LevelProgress progress = progress(queueId);
    try {
      long at = queue.nextPresent(Math.max(queueOffset, progress.floor()));
      while (at < queue.servedOffset()) {
        if (waiting.size() == limit || lookedAt == mayLookAt) {
          return new Part(waiting, lookedAt, OptionalLong.of(at));
        }
        if (!progress.isDone(at)) {
          find(queue, at).ifPresent(waiting::add);
        }
        lookedAt++;
        at = queue.nextPresent(at + 1);
      }
    } catch (BlockDamagedException | UncheckedIOException toldAtItsTime) {
      return new Part(waiting, lookedAt, OptionalLong.empty());
    }
    return new Part(waiting, lookedAt, OptionalLong.empty());
  }

  /** Queue ids of the levels that have or had messages. */
  List<Integer> queueIds() {
    return queues.of(SystemTopics.SCHEDULE).stream().map(ConsumeQueue::queueId).toList();
  }

  private Delayed delayed(ConsumeQueue queue, long queueOffset, Entry entry) {
    return new Delayed(
        dueMillis(queue.queueId(), queueOffset, entry),
        queue.topic(),
        queue.queueId(),
        queueOffset,
        entry.position(),
        entry.position(),
        entry.sizeBytes());
  }

  /**
   * A clock that was ahead when the message was stored must not hold it for longer than its level.
   */
  private long dueMillis(int queueId, long queueOffset, Entry entry) {
    return level(queueId).isOfEarlierRun(queueOffset)
        ? Math.min(entry.tagsCode(), startedMillis + delays.delayMillis(delays.clamp(queueId + 1)))
        : entry.tagsCode();
  }
}
