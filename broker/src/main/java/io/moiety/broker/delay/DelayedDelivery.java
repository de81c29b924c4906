package io.moiety.broker.delay;

import io.moiety.broker.config.DelayLevels;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.log.RecordUnreadableException;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Delivers what is due: appends it to its real topic, never before its time. When the log refuses,
 * nothing is lost: the message still waits and is tried again a little later.
 *
 * <p>Owner: the store turn.
 */
public final class DelayedDelivery implements DueWork {
  private static final Logger LOG = System.getLogger(DelayedDelivery.class.getName());
  private static final int MAX_PER_RUN = 256;
  private static final long RETRY_MILLIS = 1_000;

  /** How long before its time a message is read that would have to come from the disk. */
  private static final long READ_AHEAD_MILLIS = 1_000;

  /** What is read at once. */
  private static final int READ_MESSAGES = 1_024;

  private static final long READ_BYTES = 16L * 1024 * 1024;

  private final LevelSchedule levels;
  private final TimerSchedule timers;
  private final RecordReader reader;
  private final ColdReads coldReads;
  private final Journal journal;
  private long pausedUntilMillis;

  /** Reader threads bring messages that are due soon to memory. */
  private boolean reading;

  /** The last time there was no room for a read, which is then left to the time of delivery. */
  private boolean readersBusy;

  private DelayedDelivery(
      LevelSchedule levels,
      TimerSchedule timers,
      RecordReader reader,
      ColdReads coldReads,
      Journal journal) {
    this.levels = levels;
    this.timers = timers;
    this.reader = reader;
    this.coldReads = coldReads;
    this.journal = journal;
  }

  /** The schedules as views; made before the store, which feeds them. */
  public static final class Schedules {
    private final LevelSchedule levels;
    private final TimerSchedule timers;

    /**
     * Empty schedules.
     *
     * @param blocks take what does not fit the heap
     */
    public Schedules(
        QueueTable queues, DelayLevels delayLevels, BlockFile blocks, TimerSizes sizes) {
      this.levels = new LevelSchedule(queues, delayLevels);
      this.timers = new TimerSchedule(queues, blocks, sizes);
    }

    public List<StoredView> views() {
      return List.of(levels, timers);
    }

    public List<LiveRecords> live() {
      return List.of(levels, timers);
    }

    /** To be called once after replay. */
    public DelayedDelivery start(
        RecordReader reader,
        ColdReads coldReads,
        Journal journal,
        long nowMillis,
        long endPosition) {
      levels.started(nowMillis, endPosition);
      return new DelayedDelivery(levels, timers, reader, coldReads, journal);
    }
  }

  /** What may be asked and decided of those that wait. */
  public PendingDelays pending() {
    return new PendingDelays(levels, timers, this, journal);
  }

  /** Delivers what is due, a bounded number at a time. */
  @Override
  public void run(long nowMillis) {
    if (nowMillis < pausedUntilMillis) {
      return;
    }
    for (int i = 0; i < MAX_PER_RUN; i++) {
      Optional<Delayed> due =
          head().filter(head -> head.dueMillis() <= nowMillis + READ_AHEAD_MILLIS);
      if (due.isEmpty() || isBeingRead(due.get(), nowMillis) || due.get().dueMillis() > nowMillis) {
        return;
      }
      try {
        deliver(due.get());
      } catch (RecordDamagedException damaged) {
        passOver(due.get(), damaged);
      } catch (RecordUnreadableException unreadable) {
        tryAgain(unreadable, nowMillis);
        return;
      } catch (AppendRefusedException refused) {
        if (refused.status() != PutStatus.MESSAGE_ILLEGAL) {
          tryAgain(refused, nowMillis);
          return;
        }
        passOver(due.get(), refused); // The limits are other ones than when it was sent.
      }
    }
  }

  /** It waits, and the next start tries it again. */
  private void passOver(Delayed due, RuntimeException why) {
    LOG.log(
        Level.ERROR,
        "A delayed message cannot be delivered until the broker is started again; those behind it"
            + " go on: {0}",
        why.getMessage());
    levels.passOver(due);
    timers.passOver(due);
  }

  private void tryAgain(RuntimeException why, long nowMillis) {
    LOG.log(
        Level.WARNING,
        "A delayed message cannot be delivered now and will be tried again: {0}",
        why.getMessage());
    pausedUntilMillis = nowMillis + RETRY_MILLIS;
  }

  @Override
  public long nextDueMillis() {
    return head().map(head -> Math.max(wakeMillis(head), pausedUntilMillis)).orElse(Long.MAX_VALUE);
  }

  private long wakeMillis(Delayed head) {
    if (coldReads.isWarm(head.span())) {
      return head.dueMillis();
    }
    if (reading) {
      return Long
          .MAX_VALUE; // The end of the read is a task of the turn, after which this is asked.
    }
    return readersBusy ? head.dueMillis() : head.dueMillis() - READ_AHEAD_MILLIS;
  }

  /** True when it has to be waited for, since it is being read with others that are due soon. */
  private boolean isBeingRead(Delayed head, long nowMillis) {
    if (coldReads.isWarm(head.span())) {
      return false;
    }
    if (!reading) {
      reading = true;
      readersBusy = !coldReads.read(dueSoon(nowMillis), () -> reading = false);
      reading &= !readersBusy;
    }
    return reading;
  }

  private List<RecordSpan> dueSoon(long nowMillis) {
    List<Delayed> soon = new ArrayList<>();
    soon.addAll(levels.dueUntil(nowMillis + READ_AHEAD_MILLIS, READ_MESSAGES));
    soon.addAll(timers.dueUntil(nowMillis + READ_AHEAD_MILLIS, READ_MESSAGES));
    Collections.sort(soon);
    List<RecordSpan> spans = new ArrayList<>();
    long bytes = 0;
    for (Delayed delayed : soon) {
      if (spans.size() >= READ_MESSAGES || bytes >= READ_BYTES) {
        break;
      }
      spans.add(delayed.span());
      bytes += delayed.sizeBytes();
    }
    return coldReads.coldOf(spans);
  }

  private Optional<Delayed> head() {
    Optional<Delayed> level = levels.head();
    Optional<Delayed> timer = timers.head();
    if (level.isEmpty() || timer.isEmpty()) {
      return level.or(() -> timer);
    }
    return level.get().compareTo(timer.get()) <= 0 ? level : timer;
  }

  /** Appends the message to its real topic; the copy is the proof that it was delivered. */
  Journal.Logged deliver(Delayed delayed) {
    RecordView waiting = reader.read(delayed.position(), delayed.sizeBytes());
    MessageProperties properties = waiting.properties();
    String topic = properties.get(PropertyNames.REAL_TOPIC).orElse(SystemTopics.SCHEDULE);
    if (topic.equals(SystemTopics.HALF) || topic.equals(delayed.topic())) {
      LOG.log(
          Level.ERROR,
          "The delayed record at position {0} names {1} as its real topic; it goes to {2}",
          delayed.position(),
          topic,
          SystemTopics.CHECK_MAX_TIME);
      topic = SystemTopics.CHECK_MAX_TIME;
    }
    int queueId = properties.get(PropertyNames.REAL_QUEUE_ID).map(Integer::parseInt).orElse(0);
    return journal.put(
        RecordDraft.copyOf(waiting)
            .withDestination(topic, queueId)
            .withPreparedTransactionOffset(0)
            .withProperties(delivered(properties, delayed)));
  }

  /** Consumers read what the sender asked of an exact delay, and what the broker made of it. */
  private static MessageProperties delivered(MessageProperties properties, Delayed delayed) {
    MessageProperties kept =
        properties.without(
            PropertyNames.CARRIED,
            PropertyNames.DELAY,
            PropertyNames.REAL_TOPIC,
            PropertyNames.REAL_QUEUE_ID,
            PropertyNames.BRANCH_INCARNATION,
            PropertyNames.BRANCH_SEQUENCE);
    MessageProperties timed =
        delayed.topic().equals(SystemTopics.TIMER)
            ? kept
            : kept.without(
                PropertyNames.TIMER_OUT_MS,
                PropertyNames.TIMER_DELIVER_MS,
                PropertyNames.TIMER_DELAY_MS,
                PropertyNames.TIMER_DELAY_SEC);
    return timed.with(PropertyNames.DUE_OF, delayed.marker());
  }
}
