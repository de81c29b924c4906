package io.moiety.broker.delay;

import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
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

/**
 * The messages that wait for an exact time, by that time. On the heap are the entries of those that
 * are due soon, and of each of the others a bit, in the set of those that wait, by which they are
 * known to be delivered or cancelled. All else is in the file of blocks: {@link TimerEntries} and
 * {@link LogOrder}. Where a message lies, its consume queue tells.
 *
 * <p>Owner: the store turn.
 */
final class TimerSchedule implements StoredView, LiveRecords {
  private static final Logger LOG = System.getLogger(TimerSchedule.class.getName());

  /** About half a millisecond of the turn. */
  private static final int LOOKED_AT_PER_CALL = 2_048;

  private final TimerPlaces places;
  private final BlockFile blocks;

  /** By queue offset, wherever their entries are. */
  private final OffsetSet waiting = new OffsetSet();

  /** By queue offset, as long as the log may have them. */
  private final OffsetSet cancelled = new OffsetSet();

  private final TimerEntries entries;
  private final LogOrder order;

  /**
   * Cannot be delivered now, by queue offset. Of this run only: the next one has them in their
   * places.
   */
  private final Map<Long, TimerEntry> passedOver = new TreeMap<>();

  /** A block hides many; each is told once. */
  private String toldDamage = "";

  TimerSchedule(QueueTable queues, BlockFile blocks, TimerSizes sizes) {
    this.places = new TimerPlaces(queues);
    this.blocks = blocks;
    this.entries = new TimerEntries(blocks, sizes, this::isToBeDelivered);
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
        entries.add(entryOf(record));
      } // Otherwise it is the same, which lies elsewhere now: its queue knows.
    }
  }

  private static TimerEntry entryOf(LoggedRecord record) {
    return new TimerEntry(
        record.properties().get(PropertyNames.TIMER_OUT_MS).map(Long::parseLong).orElse(0L),
        record.origin().position(),
        record.queueOffset(),
        TimerEntry.topicHash(record.properties().get(PropertyNames.REAL_TOPIC).orElse("")));
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
    entries.remove(new TimerEntry(dueMillis, originPosition, queueOffset, 0));
    passedOver.remove(queueOffset);
  }

  @Override
  public Object state() {
    List<TimerEntry> all = entries.all();
    all.addAll(passedOver.values());
    all.removeIf(entry -> places.find(entry.queueOffset()).isEmpty());
    Collections.sort(all);
    return List.of(all, present(waiting), present(cancelled));
  }

  private List<Long> present(OffsetSet offsets) {
    return offsets.members().stream().filter(offset -> places.find(offset).isPresent()).toList();
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
    List<TimerEntry> onHeap = new ArrayList<>(entries.near());
    onHeap.addAll(passedOver.values());
    return new TimerSection(
        waiting.capture(),
        cancelled.capture(),
        onHeap,
        entries.captureRuns(),
        order.capture(),
        blocks.capture());
  }

  @Override
  public void restore(DataInput section) throws IOException {
    waiting.restore(section);
    cancelled.restore(section);
    entries.restore(TimerSection.readEntries(section), section);
    order.restore(section);
  }

  /**
   * Looks at none of those that wait: what is needed was carried, and hardly one of them is gone.
   */
  @Override
  public void forgetBefore(long firstPosition) {
    order.forgetBefore(firstPosition);
    places.queue().ifPresent(queue -> GoneOffsets.remove(cancelled, queue));
  }

  @Override
  public LiveLook look(long endPosition) {
    return new TimerLook(order, this::findWaiting, endPosition);
  }

  private Optional<Entry> findWaiting(long queueOffset) {
    return waiting.contains(queueOffset) ? places.find(queueOffset) : Optional.empty();
  }

  @Override
  public boolean isLive(RecordView record) {
    return !record.topic().equals(SystemTopics.TIMER) || waiting.contains(record.queueOffset());
  }

  @Override
  public boolean needs(RecordView record) {
    return record.topic().equals(SystemTopics.TIMER) && isLive(record);
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
    return waiting.contains(queueOffset)
        && (passedOver.isEmpty() || !passedOver.containsKey(queueOffset));
  }

  /** Goes on behind the head, which cannot be delivered now, until it is or the next start. */
  void passOver(Delayed head) {
    if (head.topic().equals(SystemTopics.TIMER)) {
      entries
          .first()
          .filter(entry -> entry.queueOffset() == head.queueOffset())
          .ifPresent(this::passOverFirst);
    }
  }

  private void passOverFirst(TimerEntry first) {
    entries.passFirst();
    passedOver.put(first.queueOffset(), first);
  }

  /** A message as it lies now; empty when it does not wait any more. May read a file. */
  Optional<Delayed> find(long dueMillis, long originPosition, long queueOffset) {
    return waiting.contains(queueOffset)
        ? places.served(new TimerEntry(dueMillis, originPosition, queueOffset, 0))
        : Optional.empty();
  }

  /**
   * Goes behind what is first and is not to be delivered: cancelled, gone, or hidden by a damaged
   * block. These may be many.
   *
   * @param limit after so many it leaves the rest for the next time
   * @return how many it passed over
   */
  int goToHead(int limit) {
    int passed = 0;
    Optional<TimerEntry> first = entries.first();
    while (passed < limit && first.isPresent() && !isAtHead(first.get())) {
      passed++;
      first = entries.first();
    }
    return passed;
  }

  /** False when the first entry was no head, and others follow. */
  private boolean isAtHead(TimerEntry first) {
    if (!isToBeDelivered(first.queueOffset())) {
      entries.passFirst();
      return false;
    }
    try {
      boolean there = places.find(first.queueOffset()).isPresent();
      if (!there) {
        entries.passFirst();
        waiting.remove(first.queueOffset());
      }
      return there;
    } catch (BlockDamagedException | UncheckedIOException damaged) {
      return !passOverHidden(first, damaged);
    }
  }

  /** False when so many are hidden that the heap must not have them all: then all of them wait. */
  private boolean passOverHidden(TimerEntry first, RuntimeException damaged) {
    if (passedOver.size() >= PassedOver.MAX) {
      return false;
    }
    String what = String.valueOf(damaged.getMessage());
    if (!what.equals(toldDamage)) {
      toldDamage = what;
      LOG.log(
          Level.ERROR,
          "Delayed messages are not delivered until the broker is started again: {0}",
          what);
    }
    passOverFirst(first);
    return true;
  }

  /** The message that is due next, once {@link #goToHead} came to it, if it may be served. */
  Optional<Delayed> head() {
    return entries.first().flatMap(this::readable);
  }

  /** Those that are to be delivered until then, soonest first, at most so many. */
  List<TimerEntry> dueUntil(long millis, int limit) {
    List<TimerEntry> due = new ArrayList<>();
    TimerWalk walk = walkFrom(TimerEntry.earliest(Long.MIN_VALUE));
    Optional<TimerEntry> next = walk.next();
    for (int left = LOOKED_AT_PER_CALL; left > 0 && due.size() < limit; left--) {
      if (next.isEmpty() || next.get().dueMillis() > millis) {
        break;
      }
      next.filter(entry -> isToBeDelivered(entry.queueOffset())).ifPresent(due::add);
      next = walk.next();
    }
    return due;
  }

  /** Blocks that {@link #readable} would read from the file, of these entries. */
  List<Integer> unreadBlocks(List<TimerEntry> wanted) {
    return places.unreadBlocks(wanted);
  }

  /** The entries from one on, in order; to be used before the schedule changes. */
  TimerWalk walkFrom(TimerEntry first) {
    return entries.walkFrom(first);
  }

  /** What is to be delivered and may be served, as it lies now. Changes nothing. */
  Optional<Delayed> readable(TimerEntry entry) {
    try {
      return isToBeDelivered(entry.queueOffset()) ? places.served(entry) : Optional.empty();
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
   * @param setBytes of the bits of those that wait and that were cancelled
   */
  record OnHeap(int entries, int runs, int blocks, long setBytes) {}

  OnHeap onHeap() {
    return new OnHeap(
        entries.near().size() + passedOver.size(),
        entries.runCount(),
        entries.blockCount() + order.blockCount(),
        waiting.sizeBytes() + cancelled.sizeBytes());
  }
}
