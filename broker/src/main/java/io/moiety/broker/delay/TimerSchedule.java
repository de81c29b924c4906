package io.moiety.broker.delay;

import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The messages that wait for an exact time, by that time.
 *
 * <p>Owner: the store turn.
 */
final class TimerSchedule implements StoredView, LiveRecords {
  /** About a millisecond of the turn. */
  private static final int LOOKED_AT_PER_RUN = 4_096;

  private final QueueTable queues;
  private final TreeSet<Delayed> waiting = new TreeSet<>();

  /** Cannot be read. Of this run only: the next one tries them again. */
  private final TreeSet<Delayed> passedOver = new TreeSet<>();

  /** What lies before it is gone, and leaves the schedule when its time comes. */
  private long firstPosition;

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
              marker.position(),
              0,
              0));
    } else if (record.topic().equals(SystemTopics.TIMER)) {
      long dueMillis =
          record.properties().get(PropertyNames.TIMER_OUT_MS).map(Long::parseLong).orElse(0L);
      Delayed delayed =
          new Delayed(
              dueMillis,
              record.topic(),
              record.queueId(),
              record.queueOffset(),
              record.origin().position(),
              record.position(),
              record.sizeBytes(),
              record.properties().get(PropertyNames.UNIQUE_KEY).map(Delayed::keyHash).orElse(0));
      waiting.remove(delayed); // The same, where it lay before it was carried.
      waiting.add(delayed);
    }
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.DelayCancelled cancelled) {
      Delayed ended =
          new Delayed(
              cancelled.dueMillis(),
              cancelled.topic(),
              cancelled.queueId(),
              cancelled.queueOffset(),
              cancelled.position(),
              cancelled.position(),
              0,
              0);
      waiting.remove(ended);
      passedOver.remove(ended);
    }
  }

  @Override
  public Object state() {
    return all();
  }

  @Override
  public String sectionName() {
    return "delay-timers";
  }

  @Override
  public int sectionVersion() {
    return 2;
  }

  /**
   * Count 4 bytes; of each message its due time 8, queue id 4, queue offset 8, origin 8, position
   * 8, size 4, hash of its unique key 4.
   */
  @Override
  public Section capture() {
    List<Delayed> captured = all();
    return out -> {
      out.writeInt(captured.size());
      for (Delayed delayed : captured) {
        out.writeLong(delayed.dueMillis());
        out.writeInt(delayed.queueId());
        out.writeLong(delayed.queueOffset());
        out.writeLong(delayed.originPosition());
        out.writeLong(delayed.position());
        out.writeInt(delayed.sizeBytes());
        out.writeInt(delayed.keyHash());
      }
    };
  }

  @Override
  public void restore(DataInput section) throws IOException {
    for (int left = section.readInt(); left > 0; left--) {
      long dueMillis = section.readLong();
      int queueId = section.readInt();
      long queueOffset = section.readLong();
      long originPosition = section.readLong();
      long position = section.readLong();
      waiting.add(
          new Delayed(
              dueMillis,
              SystemTopics.TIMER,
              queueId,
              queueOffset,
              originPosition,
              position,
              section.readInt(),
              section.readInt()));
    }
  }

  /**
   * Looks at none of them: since what waits is carried forward, there may be a million here and
   * hardly one of them is gone.
   */
  @Override
  public void forgetBefore(long newFirstPosition) {
    firstPosition = newFirstPosition;
  }

  private boolean isThere(Delayed delayed) {
    return delayed.position() >= firstPosition;
  }

  /** In order of time and not of the log, so it looks at all of them. */
  @Override
  public LiveLook look(long endPosition) {
    return new Look(endPosition);
  }

  private final class Look implements LiveLook {
    private final long endPosition;
    private Optional<Delayed> last = Optional.empty();

    Look(long endPosition) {
      this.endPosition = endPosition;
    }

    private SortedSet<Delayed> rest() {
      return last.isEmpty() ? waiting : waiting.tailSet(last.get(), false);
    }

    @Override
    public boolean goOn(LiveSet live) {
      int left = LOOKED_AT_PER_RUN;
      for (Delayed delayed : rest()) {
        if (left == 0 || live.isFull()) {
          return false;
        }
        left--;
        last = Optional.of(delayed);
        if (isThere(delayed) && delayed.position() < endPosition) {
          live.add(delayed.position(), delayed.sizeBytes());
        }
      }
      return true;
    }
  }

  @Override
  public boolean isLive(RecordView record) {
    return !record.topic().equals(SystemTopics.TIMER)
        || waiting.contains(
            new Delayed(
                record.property(PropertyNames.TIMER_OUT_MS).map(Long::parseLong).orElse(0L),
                record.topic(),
                record.queueId(),
                record.queueOffset(),
                Carried.origin(record).position(),
                record.position(),
                record.sizeBytes(),
                0));
  }

  private List<Delayed> all() {
    List<Delayed> all = new ArrayList<>(waiting.size() + passedOver.size());
    all.addAll(waiting);
    all.addAll(passedOver);
    all.removeIf(delayed -> !isThere(delayed));
    return all;
  }

  /** Goes on behind a message that cannot be read, until the next start. */
  void passOver(Delayed delayed) {
    if (waiting.remove(delayed)) {
      passedOver.add(delayed);
    }
  }

  /** Those that wait for this very time with a unique key of this hash, at most so many. */
  List<Delayed> find(long dueMillis, int keyHash, int limit) {
    return waiting.tailSet(earliest(dueMillis)).stream()
        .takeWhile(delayed -> delayed.dueMillis() == dueMillis)
        .filter(delayed -> delayed.keyHash() == keyHash && isThere(delayed))
        .limit(limit)
        .toList();
  }

  /** Comes before all that are due then. */
  private static Delayed earliest(long dueMillis) {
    return new Delayed(dueMillis, SystemTopics.TIMER, 0, 0, 0, 0, 0, 0);
  }

  /** The message that is due next, if it may be served. */
  Optional<Delayed> head() {
    dropGoneHead();
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(waiting.first()).filter(this::isServed);
  }

  /** Those that are due until then and may be served, soonest first, at most so many. */
  List<Delayed> dueUntil(long millis, int limit) {
    dropGoneHead();
    return waiting.stream()
        .filter(this::isThere)
        .limit(limit)
        .takeWhile(delayed -> delayed.dueMillis() <= millis && isServed(delayed))
        .toList();
  }

  private void dropGoneHead() {
    while (!waiting.isEmpty() && !isThere(waiting.first())) {
      waiting.pollFirst();
    }
  }

  private boolean isServed(Delayed delayed) {
    return queues
        .find(delayed.topic(), delayed.queueId())
        .filter(queue -> queue.servedOffset() > delayed.queueOffset())
        .isPresent();
  }
}
