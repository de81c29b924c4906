package io.moiety.broker.delay;

import io.moiety.broker.config.DelayLevels;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.log.RecordUnreadableException;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * Delivers what is due: appends it to its real topic, never before its time. When the log refuses,
 * nothing is lost: the message still waits and is tried again a little later. One that cannot be
 * delivered holds up no other.
 *
 * <p>Owner: the store turn.
 */
public final class DelayedDelivery implements DueWork {
  private static final Logger LOG = System.getLogger(DelayedDelivery.class.getName());
  private static final int MAX_PER_RUN = 256;
  private static final long RETRY_MILLIS = 1_000;

  /** Each may have kept the turn waiting for the disk. */
  private static final int MAX_FAILURES_PER_RUN = 16;

  /** Entries of cancelled messages that are passed over in one run, about half a millisecond. */
  private static final int MAX_PASSED_PER_RUN = 2_048;

  private final LevelSchedule levels;
  private final TimerSchedule timers;
  private final RecordReader reader;
  private final DueReads dueReads;
  private final Journal journal;
  private final PassedOver passedOver = new PassedOver();
  private long pausedUntilMillis;

  /** Why nothing can be delivered was told. */
  private boolean troubled;

  /** There may be entries of cancelled messages to pass over before the next one is known. */
  private boolean behind;

  private DelayedDelivery(
      LevelSchedule levels,
      TimerSchedule timers,
      RecordReader reader,
      DueReads dueReads,
      Journal journal) {
    this.levels = levels;
    this.timers = timers;
    this.reader = reader;
    this.dueReads = dueReads;
    this.journal = journal;
  }

  /** The schedules as views; made before the store, which feeds them. */
  public static final class Schedules {
    private final LevelSchedule levels;
    private final TimerSchedule timers;
    private final BlockFile blocks;

    /**
     * Empty schedules.
     *
     * @param blocks take what does not fit the heap
     */
    public Schedules(
        QueueTable queues, DelayLevels delayLevels, BlockFile blocks, TimerSizes sizes) {
      this.levels = new LevelSchedule(queues, delayLevels);
      this.timers = new TimerSchedule(queues, blocks, sizes);
      this.blocks = blocks;
    }

    public List<StoredView> views() {
      return List.of(levels, timers);
    }

    public List<LiveRecords> live() {
      return List.of(levels, timers);
    }

    /** To be called once, after replay and before the first append of a delayed message. */
    public DelayedDelivery start(
        RecordReader reader, ColdReads coldReads, Journal journal, long nowMillis) {
      levels.started(nowMillis);
      DueReads dueReads = new DueReads(levels, timers, blocks, coldReads);
      return new DelayedDelivery(levels, timers, reader, dueReads, journal);
    }
  }

  /** What may be asked and decided of those that wait. */
  public PendingDelays pending() {
    return new PendingDelays(levels, timers, this, journal);
  }

  /** Delivers what is due, a bounded number at a time. */
  @Override
  public void run(long nowMillis) {
    if (nowMillis >= pausedUntilMillis) {
      tryPassedOver(nowMillis);
    }
    if (nowMillis >= pausedUntilMillis) {
      deliverDue(nowMillis);
    }
  }

  private void deliverDue(long nowMillis) {
    int mayPass = MAX_PASSED_PER_RUN;
    int mayFail = MAX_FAILURES_PER_RUN;
    for (int left = MAX_PER_RUN; left > 0 && mayFail > 0; left--) {
      mayPass -= timers.goToHead(mayPass);
      behind = mayPass == 0;
      Optional<Delayed> head = head();
      if (head.isEmpty() || !isDue(head.get(), nowMillis)) {
        return;
      }
      Outcome outcome = tryToDeliver(head.get());
      if (outcome instanceof Outcome.NotNow notNow) {
        pause(notNow.why(), nowMillis);
        return;
      } else if (outcome instanceof Outcome.Failed failed) {
        if (passedOver.isFull()) {
          pause(failed.why(), nowMillis);
          return;
        }
        passOver(head.get(), failed.why(), nowMillis);
        mayFail--;
      }
    }
  }

  private boolean isDue(Delayed head, long nowMillis) {
    return head.dueMillis() <= nowMillis + DueReads.AHEAD_MILLIS
        && !dueReads.isBeingRead(head, nowMillis)
        && head.dueMillis() <= nowMillis;
  }

  /** Those that failed before, in the order of their trials, until one fails again. */
  private void tryPassedOver(long nowMillis) {
    for (int left = MAX_PER_RUN; left > 0; left--) {
      Optional<PassedOver.Trial> trial = passedOver.due(nowMillis);
      if (trial.isEmpty()) {
        return;
      }
      Outcome outcome = tryAgain(trial.get().message());
      if (outcome instanceof Outcome.NotNow notNow) {
        pause(notNow.why(), nowMillis);
        return;
      } else if (outcome instanceof Outcome.Failed) {
        passedOver.failed(trial.get(), nowMillis);
      } else {
        passedOver.done(trial.get());
      }
    }
  }

  /** How a delivery ended. */
  private sealed interface Outcome {
    /** Also when it was no more to be delivered. */
    record Delivered() implements Outcome {}

    /** The log takes nothing now. */
    record NotNow(RuntimeException why) implements Outcome {}

    /** This one cannot be read, or the limits are other ones than when it was sent. */
    record Failed(RuntimeException why) implements Outcome {}
  }

  private Outcome tryAgain(Delayed message) {
    try {
      return find(message).map(this::tryToDeliver).orElseGet(Outcome.Delivered::new);
    } catch (BlockDamagedException | UncheckedIOException unreadable) {
      return new Outcome.Failed(unreadable); // Nothing tells where it lies.
    }
  }

  private Outcome tryToDeliver(Delayed message) {
    try {
      deliver(message);
      troubled = false;
      return new Outcome.Delivered();
    } catch (RecordDamagedException | RecordUnreadableException unreadable) {
      return new Outcome.Failed(unreadable);
    } catch (AppendRefusedException refused) {
      return refused.status() == PutStatus.MESSAGE_ILLEGAL
          ? new Outcome.Failed(refused)
          : new Outcome.NotNow(refused);
    }
  }

  /** It waits, is tried again later, and the next start has it in its place. */
  private void passOver(Delayed head, RuntimeException why, long nowMillis) {
    LOG.log(
        Level.WARNING,
        "A delayed message cannot be delivered, which is tried again; those behind it go on: {0}",
        why.getMessage());
    levels.passOver(head);
    timers.passOver(head);
    passedOver.add(head, nowMillis);
  }

  private void pause(RuntimeException why, long nowMillis) {
    pausedUntilMillis = nowMillis + RETRY_MILLIS;
    behind = true; // Meanwhile nobody goes behind what is cancelled, to the next that is due.
    if (!troubled) {
      troubled = true;
      LOG.log(
          Level.WARNING,
          "No delayed messages can be delivered now, which is tried again each second: {0}",
          why.getMessage());
    }
  }

  @Override
  public long nextDueMillis() {
    if (behind) {
      return pausedUntilMillis;
    }
    long dueMillis = head().map(dueReads::wakeMillis).orElse(Long.MAX_VALUE);
    return Math.max(pausedUntilMillis, Math.min(dueMillis, passedOver.nextMillis()));
  }

  private Optional<Delayed> head() {
    Optional<Delayed> level = levels.head();
    Optional<Delayed> timer = timers.head();
    if (level.isEmpty() || timer.isEmpty()) {
      return level.or(() -> timer);
    }
    return level.get().compareTo(timer.get()) <= 0 ? level : timer;
  }

  /** A message as it lies now; empty when it does not wait any more, or may not be served yet. */
  private Optional<Delayed> find(Delayed message) {
    return message.topic().equals(SystemTopics.SCHEDULE)
        ? levels.find(message.queueId(), message.queueOffset())
        : timers.find(message.dueMillis(), message.originPosition(), message.queueOffset());
  }

  /** Appends the message to its real topic; the copy is the proof that it was delivered. */
  Journal.Logged deliver(Delayed delayed) {
    return deliver(delayed, "");
  }

  /** As the other; the copy tells who wanted it before its time. */
  Journal.Logged deliver(Delayed delayed, String by) {
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
            .withProperties(
                by.isEmpty()
                    ? delivered(properties, delayed)
                    : delivered(properties, delayed).with(PropertyNames.DECIDED_BY, by)));
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
