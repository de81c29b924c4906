package io.moiety.broker.delay;

import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.SystemTopics;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What may be asked and decided of delayed messages before their time. A message has one end, which
 * the log tells: it is delivered, or it is cancelled, and what is answered here is what the log
 * will tell after any crash.
 *
 * <p>Nothing here searches: who has a {@link DelayedMessage} found its record, by its key or its
 * position, on another thread.
 *
 * <p>Owner: the store turn.
 */
public final class PendingDelays {
  /** Entries looked at for one page, about a millisecond of the turn. */
  private static final int LOOKED_AT_PER_PAGE = 4_096;

  private final LevelSchedule levels;
  private final TimerSchedule timers;
  private final DelayedDelivery delivery;
  private final Journal journal;

  PendingDelays(
      LevelSchedule levels, TimerSchedule timers, DelayedDelivery delivery, Journal journal) {
    this.levels = levels;
    this.timers = timers;
    this.delivery = delivery;
    this.journal = journal;
  }

  /** What became of a delayed message whose record is in the log. */
  public enum Fate {
    WAITING,
    /** Also when it was delivered before its time. */
    DELIVERED,
    CANCELLED
  }

  /** Where it stands. */
  public Fate fate(DelayedMessage message) {
    boolean onLevel = message.waitingTopic().equals(SystemTopics.SCHEDULE);
    boolean waits =
        onLevel
            ? levels.isWaiting(message.queueId(), message.queueOffset())
            : timers.isWaiting(message.queueOffset());
    if (waits) {
      return Fate.WAITING;
    }
    boolean cancelled =
        onLevel
            ? levels.isCancelled(message.queueId(), message.queueOffset())
            : timers.isCancelled(message.queueOffset());
    return cancelled ? Fate.CANCELLED : Fate.DELIVERED;
  }

  /**
   * Cancels a message, of which there are several copies when its send was repeated: those that
   * wait are never delivered then.
   *
   * @param copies at least one
   * @param waiter told, when {@link Fate#WAITING} is returned, that this is as durable as the flush
   *     mode demands
   * @return {@link Fate#DELIVERED} when one was delivered before, whatever became of others; {@link
   *     Fate#WAITING} when at least one waited, and now none does; {@link Fate#CANCELLED} when all
   *     were cancelled before
   * @throws io.moiety.broker.log.AppendRefusedException with some cancelled at most; to be tried
   *     again
   */
  public Fate cancel(List<DelayedMessage> copies, Journal.Waiter waiter) {
    return cancel(copies, "", waiter);
  }

  /**
   * As the other, told by the log with who wanted it.
   *
   * @param by the administrator; empty when it is the sender
   */
  public Fate cancel(List<DelayedMessage> copies, String by, Journal.Waiter waiter) {
    Set<Fate> before = EnumSet.noneOf(Fate.class);
    long endPosition = 0;
    for (DelayedMessage copy : copies) {
      Fate fate = fate(copy);
      before.add(fate);
      if (fate == Fate.WAITING) {
        endPosition =
            (by.isEmpty() ? journal.record(copy.cancelled()) : journal.record(copy.cancelled(), by))
                .endPosition();
      }
    }
    if (before.contains(Fate.DELIVERED)) {
      return Fate.DELIVERED;
    }
    if (before.contains(Fate.WAITING)) {
      journal.whenServed(endPosition, waiter);
      return Fate.WAITING;
    }
    return Fate.CANCELLED;
  }

  /** What {@link #deliverNow} will read, for who has it read elsewhere before. */
  public List<RecordSpan> toRead(DelayedMessage message) {
    return find(message).map(Delayed::span).stream().toList();
  }

  /**
   * Delivers the message now, if it waits, and not again at its time.
   *
   * @param by the administrator who wants it, as the record is to tell
   * @param waiter told, when {@link Fate#WAITING} is returned, that this is as durable as the flush
   *     mode demands
   * @return where it stood before: anything but {@link Fate#WAITING} says that nothing was changed
   * @throws io.moiety.broker.log.AppendRefusedException with nothing changed
   * @throws io.moiety.broker.log.RecordDamagedException with nothing changed
   * @throws io.moiety.broker.log.RecordUnreadableException with nothing changed
   * @throws IllegalStateException when its record has left the log, which only a damaged one does
   */
  public Fate deliverNow(DelayedMessage message, String by, Journal.Waiter waiter) {
    Fate fate = fate(message);
    if (fate != Fate.WAITING) {
      return fate;
    }
    Delayed found =
        find(message)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the delayed message that was stored at position %d is not in the log any more"
                            .formatted(message.originPosition())));
    journal.whenServed(delivery.deliver(found, by).endPosition(), waiter);
    return fate;
  }

  private Optional<Delayed> find(DelayedMessage message) {
    return message.waitingTopic().equals(SystemTopics.SCHEDULE)
        ? levels.find(message.queueId(), message.queueOffset())
        : timers.find(message.dueMillis(), message.originPosition(), message.queueOffset());
  }

  /**
   * A part of those that wait: first those of the levels, level by level, then those with an exact
   * time, both in the order in which they will be delivered.
   *
   * @param records where their records lie now, to be read outside of the turn; some may have been
   *     delivered when they are
   * @param next where the next page begins; empty when this is the last
   */
  public record Page(List<RecordSpan> records, Optional<String> next) {
    public Page {
      records = List.copyOf(records);
    }
  }

  /**
   * The page of those that wait from a place on. It may have fewer than were asked for, even none,
   * and yet not be the last.
   *
   * @param topic leaves out most of what will be delivered elsewhere; its records tell exactly
   * @param from {@link Page#next} of the page before, empty for the first
   * @param limit how many at most
   * @throws IllegalArgumentException when {@code from} is no such place
   */
  public Page page(Optional<String> topic, String from, int limit) {
    PagePlace place = PagePlace.parse(from);
    return place instanceof PagePlace.OfTimers timer
        ? timers(topic, timer, limit)
        : levels((PagePlace.OfLevel) place, limit);
  }

  private Page levels(PagePlace.OfLevel place, int limit) {
    List<RecordSpan> records = new ArrayList<>();
    int mayLookAt = LOOKED_AT_PER_PAGE;
    for (int queueId : levels.queueIds()) {
      if (queueId >= place.queueId()) {
        long from = queueId == place.queueId() ? place.queueOffset() : 0;
        LevelSchedule.Part part = levels.partFrom(queueId, from, limit - records.size(), mayLookAt);
        part.waiting().forEach(waiting -> records.add(waiting.span()));
        mayLookAt -= part.lookedAt();
        if (part.next().isPresent()) {
          String next = new PagePlace.OfLevel(queueId, part.next().getAsLong()).format();
          return new Page(records, Optional.of(next));
        }
      }
    }
    return new Page(records, Optional.of(PagePlace.FIRST_TIMER.format()));
  }

  private Page timers(Optional<String> topic, PagePlace.OfTimers place, int limit) {
    List<RecordSpan> records = new ArrayList<>();
    TimerWalk walk = timers.walkFrom(place.first());
    Optional<TimerEntry> entry = walk.next();
    for (int left = LOOKED_AT_PER_PAGE; entry.isPresent(); left--) {
      if (left == 0 || records.size() == limit) {
        return new Page(records, Optional.of(new PagePlace.OfTimers(entry.get()).format()));
      }
      TimerEntry next = entry.get();
      if (topic.isEmpty() || next.mayBeOf(topic.get())) {
        timers.readable(next).map(Delayed::span).ifPresent(records::add);
      }
      entry = walk.next();
    }
    return new Page(records, Optional.empty());
  }
}
