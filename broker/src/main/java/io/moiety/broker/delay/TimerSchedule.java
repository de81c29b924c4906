package io.moiety.broker.delay;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.BlockFile;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The messages that wait for an exact time, by that time. On the heap are those that are due soon
 * (the near ones), and of each of the others a bit, in the set of those that wait, by which they
 * are known to be delivered or cancelled. All else is in the file of blocks: {@link TimerRuns} and
 * {@link LogOrder}. Where a message lies, its consume queue tells.
 *
 * <p>Owner: the store turn.
 */
final class TimerSchedule implements StoredView, LiveRecords {
  private static final Logger LOG = System.getLogger(TimerSchedule.class.getName());

  /** They all wait in this queue. */
  private static final int QUEUE_ID = 0;

  /** About a millisecond of the turn. */
  private static final int LOOKED_AT_PER_RUN = 4_096;

  private final QueueTable queues;
  private final BlockFile blocks;
  private final TimerSizes sizes;

  /** By queue offset, wherever their entries are. */
  private final OffsetSet waiting = new OffsetSet();

  /** By queue offset, as long as the log may have them. */
  private final OffsetSet cancelled = new OffsetSet();

  private final TreeSet<TimerEntry> near = new TreeSet<>();
  private final TimerRuns runs;
  private final LogOrder order;

  /** Cannot be read, by queue offset. Of this run only: the next one tries them again. */
  private final Map<Long, TimerEntry> passedOver = new TreeMap<>();

  TimerSchedule(QueueTable queues, BlockFile blocks, TimerSizes sizes) {
    this.queues = queues;
    this.blocks = blocks;
    this.sizes = sizes;
    this.runs = new TimerRuns(blocks, sizes, this::isToBeDelivered);
    this.order = new LogOrder(blocks);
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    Optional<DueMarker> delivered =
        record.properties().get(PropertyNames.DUE_OF).flatMap(DueMarker::parse);
    if (delivered.isPresent()) {
      DueMarker marker = delivered.get();
      if (marker.topic().equals(SystemTopics.TIMER)) {
        ended(marker.dueMillis(), marker.position(), marker.queueOffset());
      }
    } else if (record.topic().equals(SystemTopics.TIMER)) {
      order.add(record.position(), record.queueOffset());
      if (waiting.add(record.queueOffset())) {
        add(
            new TimerEntry(
                record.properties().get(PropertyNames.TIMER_OUT_MS).map(Long::parseLong).orElse(0L),
                record.origin().position(),
                record.queueOffset(),
                TimerEntry.topicHash(
                    record.properties().get(PropertyNames.REAL_TOPIC).orElse(""))));
      } // Otherwise it is the same, which lies elsewhere now: its queue knows.
    }
  }

  private void add(TimerEntry entry) {
    near.add(entry);
    if (near.size() > sizes.nearEntries()) {
      spill();
    }
    runs.keepPace();
  }

  /** Those that are due last make a run. */
  private void spill() {
    List<TimerEntry> far = new ArrayList<>(sizes.spilledEntries());
    for (int left = sizes.spilledEntries(); left > 0; left--) {
      far.add(near.last());
      near.remove(near.last());
    }
    Collections.reverse(far);
    runs.add(far);
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.DelayCancelled end && end.topic().equals(SystemTopics.TIMER)) {
      ended(end.dueMillis(), end.position(), end.queueOffset());
      cancelled.add(end.queueOffset());
    }
  }

  private void ended(long dueMillis, long originPosition, long queueOffset) {
    waiting.remove(queueOffset);
    near.remove(new TimerEntry(dueMillis, originPosition, queueOffset, 0));
    passedOver.remove(queueOffset);
  }

  @Override
  public Object state() {
    List<TimerEntry> all = runs.all();
    all.addAll(near);
    all.addAll(passedOver.values());
    all.removeIf(entry -> find(entry.queueOffset()).isEmpty());
    Collections.sort(all);
    return List.of(all, present(waiting), present(cancelled));
  }

  private List<Long> present(OffsetSet offsets) {
    return offsets.members().stream().filter(offset -> find(offset).isPresent()).toList();
  }

  @Override
  public String sectionName() {
    return "delay-timers";
  }

  @Override
  public int sectionVersion() {
    return 3;
  }

  /** The sets of those that wait and that were cancelled, near entries, runs, order of the log. */
  @Override
  public Section capture() {
    List<TimerEntry> onHeap = new ArrayList<>(near.size() + passedOver.size());
    onHeap.addAll(near);
    onHeap.addAll(passedOver.values());
    return new TimerSection(
        waiting.capture(),
        cancelled.capture(),
        onHeap,
        runs.capture(),
        order.capture(),
        blocks.capture());
  }

  @Override
  public void restore(DataInput section) throws IOException {
    waiting.restore(section);
    cancelled.restore(section);
    near.addAll(TimerSection.readEntries(section));
    runs.restore(section);
    order.restore(section);
  }

  /**
   * Looks at none of those that wait: what is needed was carried, and hardly one of them is gone.
   */
  @Override
  public void forgetBefore(long firstPosition) {
    order.forgetBefore(firstPosition);
    cancelled.removeBefore(queue().map(ConsumeQueue::minOffset).orElse(0L));
  }

  private Optional<ConsumeQueue> queue() {
    return queues.find(SystemTopics.TIMER, QUEUE_ID);
  }

  /** Where a message lies; empty when it is gone. May read a file. */
  private Optional<Entry> find(long queueOffset) {
    return queue()
        .filter(queue -> queueOffset < queue.nextOffset())
        .flatMap(queue -> queue.find(queueOffset));
  }

  @Override
  public LiveLook look(long endPosition) {
    return new Look(endPosition);
  }

  /** Goes through the records of the log's beginning in their order. */
  private final class Look implements LiveLook {
    private final long endPosition;
    private final long end;
    private long next;

    Look(long endPosition) {
      this.endPosition = endPosition;
      this.end = order.endBefore(endPosition);
    }

    @Override
    public boolean goOn(LiveSet live) {
      next = Math.max(next, order.begin());
      for (int left = LOOKED_AT_PER_RUN; next < end && left > 0 && !live.isFull(); left--) {
        long queueOffset = order.at(next);
        if (waiting.contains(queueOffset)) {
          find(queueOffset)
              .filter(entry -> entry.position() < endPosition)
              .ifPresent(entry -> live.add(entry.position(), entry.sizeBytes()));
        }
        next++;
      }
      return next >= end;
    }
  }

  @Override
  public boolean isLive(RecordView record) {
    return !record.topic().equals(SystemTopics.TIMER) || waiting.contains(record.queueOffset());
  }

  /** Whether a message that was found in the log still waits, by its queue offset. */
  boolean isWaiting(long queueOffset) {
    return waiting.contains(queueOffset);
  }

  /** Whether it was cancelled; not known any more when the log does not have it. */
  boolean isCancelled(long queueOffset) {
    return cancelled.contains(queueOffset);
  }

  private boolean isToBeDelivered(long queueOffset) {
    return waiting.contains(queueOffset) && !passedOver.containsKey(queueOffset);
  }

  /** Goes on behind the head, which cannot be read, until the next start. */
  void passOver(Delayed head) {
    if (head.topic().equals(SystemTopics.TIMER)) {
      firstEntry()
          .filter(entry -> entry.queueOffset() == head.queueOffset())
          .ifPresent(this::passOver);
    }
  }

  private void passOver(TimerEntry entry) {
    near.remove(entry);
    passedOver.put(entry.queueOffset(), entry);
  }

  /** A message that was found in the log, as it lies now; empty when it does not wait any more. */
  Optional<Delayed> find(DelayedMessage message) {
    TimerEntry entry =
        new TimerEntry(message.dueMillis(), message.originPosition(), message.queueOffset(), 0);
    return waiting.contains(entry.queueOffset())
        ? find(entry.queueOffset()).map(place -> delayed(entry, place)).filter(this::isServed)
        : Optional.empty();
  }

  /** The message that is due next, if it may be served. */
  Optional<Delayed> head() {
    while (true) {
      Optional<TimerEntry> first = firstEntry();
      if (first.isEmpty()) {
        return Optional.empty();
      }
      Optional<Delayed> head = located(first.get());
      if (head.isPresent()) {
        return head.filter(this::isServed);
      }
    }
  }

  private Optional<TimerEntry> firstEntry() {
    Optional<TimerEntry> far = runs.first();
    if (near.isEmpty()) {
      return far;
    }
    return far.filter(entry -> entry.compareTo(near.first()) < 0)
        .or(() -> Optional.of(near.first()));
  }

  /**
   * Where it lies; empty when it is not to be delivered, and then the schedule goes on behind it.
   */
  private Optional<Delayed> located(TimerEntry entry) {
    try {
      Optional<Entry> found = find(entry.queueOffset());
      if (found.isEmpty()) {
        ended(entry.dueMillis(), entry.originPosition(), entry.queueOffset());
      }
      return found.map(place -> delayed(entry, place));
    } catch (BlockDamagedException | UncheckedIOException damaged) {
      LOG.log(
          Level.ERROR,
          "A delayed message is not delivered until the broker is started again: {0}",
          damaged.getMessage());
      passOver(entry);
      return Optional.empty();
    }
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

  private boolean isServed(Delayed delayed) {
    return queue().filter(queue -> queue.servedOffset() > delayed.queueOffset()).isPresent();
  }

  /** Those that are due until then and may be served, soonest first, at most so many. */
  List<Delayed> dueUntil(long millis, int limit) {
    List<Delayed> due = new ArrayList<>();
    TimerWalk walk = walkFrom(TimerEntry.earliest(Long.MIN_VALUE));
    Optional<TimerEntry> next = walk.next();
    while (next.isPresent() && next.get().dueMillis() <= millis && due.size() < limit) {
      readable(next.get()).ifPresent(due::add);
      next = walk.next();
    }
    return due;
  }

  /** The entries from one on, in order; to be used before the schedule changes. */
  TimerWalk walkFrom(TimerEntry first) {
    return new TimerWalk(near.tailSet(first, true), runs.from(first));
  }

  /** What is to be delivered and may be served, as it lies now. Changes nothing. */
  Optional<Delayed> readable(TimerEntry entry) {
    try {
      return isToBeDelivered(entry.queueOffset())
          ? find(entry.queueOffset()).map(place -> delayed(entry, place)).filter(this::isServed)
          : Optional.empty();
    } catch (BlockDamagedException | UncheckedIOException toldAtItsTime) {
      return Optional.empty();
    }
  }

  /** Messages that wait. */
  long size() {
    return waiting.size();
  }

  /**
   * What the heap holds for all of them.
   *
   * @param entries near ones
   * @param blocks of which it has the first entry and the place
   * @param setBytes of the bits of those that wait
   */
  record OnHeap(int entries, int runs, int blocks, long setBytes) {}

  OnHeap onHeap() {
    return new OnHeap(
        near.size() + passedOver.size(),
        runs.count(),
        runs.blockCount() + order.blockCount(),
        waiting.sizeBytes());
  }
}
