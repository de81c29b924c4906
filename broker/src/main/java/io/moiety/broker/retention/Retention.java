package io.moiety.broker.retention;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.RecordUnreadableException;
import io.moiety.broker.log.SegmentInfo;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Store;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Empties the oldest segment and lets it go, one after the other: what is still needed of it is
 * appended again ({@link CarryForward}), and when a snapshot, with its base, that lies behind the
 * segment and these copies is durable, the segment is deleted. A segment of which more than half is
 * needed stays, and so do those behind it.
 *
 * <pre>
 * RESTING --the oldest may go--> LOOKING --little is needed--> CARRYING --all carried--> AWAITING
 *    |                              | a view is damaged     ^     |                     |
 *    |                              '---> ASKING -----------'     |                     |
 *    ^------ most is needed --------'                             |  a snapshot behind  |
 *    ^------ one of them cannot be copied ------------------------'     is durable      |
 *    ^-------------------------------- deleted ------------------------------------------'
 * </pre>
 *
 * A crash anywhere in between leaves copies of records that are still there, which views take for
 * the same record, and the next start begins again.
 *
 * <p>Owner: the store turn.
 */
public final class Retention implements DueWork {
  private static final Logger LOG = System.getLogger(Retention.class.getName());

  /** How often the oldest segment is looked at when no new one has come. */
  private static final long LOOK_MILLIS = 10_000;

  /** How soon after it was found pinned a segment is looked at again. */
  private static final long PINNED_MILLIS = 5_000;

  private static final long RETRY_MILLIS = 1_000;

  /** Above this part of a segment, carrying costs more than it frees. */
  private static final int WORTH_PART = 2;

  private final RetainedLog log;
  private final List<LiveRecords> liveRecords;
  private final ColdReads coldReads;
  private final CarryForward carryForward;
  private final Snapshots snapshots;
  private final RetentionPolicy policy;
  private final DiskGuard guard;
  private State state = new Resting();
  private long dueMillis;
  private int knownSegments;

  /** The one that was last said to be pinned. */
  private long pinnedPosition = -1;

  /** The present state's trouble was told. */
  private boolean troubled;

  /** What retention asks of the snapshots. */
  public interface Snapshots {

    /**
     * The position of the newest base that is durable, and whose snapshot is too or cannot be
     * written: nothing before it is needed but what was carried. -1 without one.
     */
    long durablePosition();

    /**
     * Takes one soon, although the log may not have grown enough for it, unless the last one lies
     * at or behind the position.
     */
    void request(long behindPosition);
  }

  private sealed interface State {}

  private record Resting() implements State {}

  private record Looking(SegmentInfo segment, String cause, Deque<LiveLook> looks, LiveSet live)
      implements State {}

  /** Goes through the records, since not all that is needed is known otherwise. */
  private record Asking(Looking looking, RecordLook records) implements State {}

  private record Carrying(SegmentInfo segment, LiveSet live) implements State {}

  /** A snapshot must lie at or after {@code behindPosition}: behind the segment and its copies. */
  private record Awaiting(SegmentInfo segment, long behindPosition) implements State {}

  /**
   * Retention over a replayed store.
   *
   * @param deleted told the log's new first position after segments went
   */
  public Retention(
      CommitLog log,
      Store store,
      ColdReads coldReads,
      List<LiveRecords> liveRecords,
      Snapshots snapshots,
      RetentionPolicy policy,
      DiskGuard guard,
      LongConsumer deleted) {
    this(new StoredLog(log, store, deleted), coldReads, liveRecords, snapshots, policy, guard);
  }

  Retention(
      RetainedLog log,
      ColdReads coldReads,
      List<LiveRecords> liveRecords,
      Snapshots snapshots,
      RetentionPolicy policy,
      DiskGuard guard) {
    this.log = log;
    this.liveRecords = List.copyOf(liveRecords);
    this.coldReads = coldReads;
    this.carryForward = new CarryForward(log, coldReads, liveRecords, policy.carriedPerRun());
    this.snapshots = snapshots;
    this.policy = policy;
    this.guard = guard;
  }

  /** Goes one bounded step on. */
  @Override
  public void run(long nowMillis) {
    int segments = log.segmentCount();
    boolean rolled = segments != knownSegments;
    knownSegments = segments;
    boolean waits = state instanceof Resting ? !rolled : !(state instanceof Awaiting);
    if (nowMillis < dueMillis && waits) {
      return;
    }
    State before = state;
    try {
      step(nowMillis);
      troubled &= state == before;
    } catch (AppendRefusedException refused) {
      tryAgain(refused, nowMillis);
    } catch (RecordUnreadableException unreadable) {
      if (troubled) {
        guard.pinned(policy.refusalWhilePinned(bytesFrom(log.segments().get(0))));
      }
      tryAgain(unreadable, nowMillis);
    }
  }

  @Override
  public long nextDueMillis() {
    return dueMillis;
  }

  private void step(long nowMillis) {
    if (state instanceof Resting) {
      begin(nowMillis);
    } else if (state instanceof Looking looking) {
      look(looking, nowMillis);
    } else if (state instanceof Asking asking) {
      ask(asking, nowMillis);
    } else if (state instanceof Carrying carrying) {
      carry(carrying, nowMillis);
    } else if (state instanceof Awaiting awaiting) {
      await(awaiting, nowMillis);
    }
  }

  private void begin(long nowMillis) {
    dueMillis = nowMillis + LOOK_MILLIS;
    List<SegmentInfo> segments = log.segments();
    if (segments.size() < 2) {
      return; // The log goes on in the last one.
    }
    SegmentInfo oldest = segments.get(0);
    Optional<String> cause = policy.mayGo(oldest, bytesFrom(oldest), log.diskSpace(), nowMillis);
    if (cause.isEmpty()) {
      guard.pinned(Optional.empty());
      return;
    }
    Deque<LiveLook> looks = new ArrayDeque<>();
    liveRecords.forEach(source -> looks.add(source.look(oldest.endPosition())));
    LiveSet live = new LiveSet((oldest.endPosition() - oldest.basePosition()) / WORTH_PART);
    Looking looking = new Looking(oldest, cause.get(), looks, live);
    state = looking;
    look(looking, nowMillis);
  }

  private void look(Looking looking, long nowMillis) {
    Deque<LiveLook> looks = looking.looks();
    while (!looks.isEmpty() && !looking.live().isFull()) {
      if (!looks.element().goOn(looking.live())) {
        dueMillis = nowMillis;
        return;
      }
      looks.remove();
    }
    if (looking.live().isUntold() && !looking.live().isFull()) {
      LOG.log(
          Level.WARNING,
          "What is needed of the segment at {0} is not known, since the views are damaged: all of its records are looked at, which takes longer",
          Long.toString(looking.segment().basePosition()));
      RecordLook records = new RecordLook(log, coldReads, liveRecords, looking.segment());
      state = new Asking(looking, records);
      dueMillis = nowMillis;
    } else {
      decide(looking, nowMillis);
    }
  }

  private void ask(Asking asking, long nowMillis) {
    dueMillis = Long.MAX_VALUE;
    RecordLook.Progress progress =
        asking.records().goOn(asking.looking().live(), () -> dueMillis = 0);
    if (progress == RecordLook.Progress.BEING_READ) {
      return; // It may have been read by now.
    }
    dueMillis = nowMillis;
    if (progress == RecordLook.Progress.COMPLETE) {
      decide(asking.looking(), nowMillis);
    } else if (progress == RecordLook.Progress.STOPPED) {
      pinned(
          asking.looking().segment(),
          "%s, but what is needed of it is not known: the views are damaged, and so is its record at %d"
              .formatted(asking.looking().cause(), asking.records().position()),
          nowMillis);
    }
  }

  private void decide(Looking looking, long nowMillis) {
    if (looking.live().isFull()) {
      pinned(
          looking.segment(),
          "%s, but most of it is still needed: by messages that nobody has acknowledged, delayed messages or open transactions"
              .formatted(looking.cause()),
          nowMillis);
    } else {
      empty(looking, nowMillis);
    }
  }

  private void empty(Looking looking, long nowMillis) {
    LOG.log(
        Level.INFO,
        "The segment at {0} goes, since {1}; {2} of its records, {3} bytes, are still needed and carried forward",
        Long.toString(looking.segment().basePosition()),
        looking.cause(),
        looking.live().count(),
        Long.toString(looking.live().bytes()));
    state = new Carrying(looking.segment(), looking.live());
    dueMillis = nowMillis;
  }

  private void carry(Carrying carrying, long nowMillis) {
    dueMillis = Long.MAX_VALUE;
    CarryForward.Progress progress = carryForward.goOn(carrying.live(), () -> dueMillis = 0);
    if (progress instanceof CarryForward.Progress.BeingRead) {
      return; // It may have been read by now.
    }
    dueMillis = nowMillis;
    if (progress instanceof CarryForward.Progress.Complete) {
      SegmentInfo segment = carrying.segment();
      state = new Awaiting(segment, Math.max(carryForward.copiesEnd(), segment.endPosition()));
      guard.pinned(Optional.empty());
    } else if (progress instanceof CarryForward.Progress.Impossible impossible) {
      pinned(
          carrying.segment(),
          "it is time, but the record at %d is still needed and cannot be copied: %s"
              .formatted(impossible.position(), impossible.why().getMessage()),
          nowMillis);
    }
  }

  /** The segment, and those behind it, stay until what pins it is not needed any more. */
  private void pinned(SegmentInfo segment, String why, long nowMillis) {
    state = new Resting();
    dueMillis = nowMillis + PINNED_MILLIS;
    guard.pinned(policy.refusalWhilePinned(bytesFrom(segment)));
    if (pinnedPosition != segment.basePosition()) {
      pinnedPosition = segment.basePosition();
      LOG.log(
          Level.WARNING,
          "The segment at {0} should go, since {1}",
          Long.toString(pinnedPosition),
          why);
    }
  }

  /** A snapshot is written when the log is durable up to it: then the copies are too. */
  private void await(Awaiting awaiting, long nowMillis) {
    if (snapshots.durablePosition() < awaiting.behindPosition()) {
      snapshots.request(awaiting.behindPosition());
      dueMillis = nowMillis + RETRY_MILLIS;
      return;
    }
    log.deleteBefore(awaiting.segment().endPosition());
    state = new Resting();
    dueMillis = nowMillis;
  }

  private long bytesFrom(SegmentInfo segment) {
    return log.appendedPosition() - segment.basePosition();
  }

  private void tryAgain(RuntimeException refused, long nowMillis) {
    dueMillis = nowMillis + RETRY_MILLIS;
    if (!troubled) {
      troubled = true;
      LOG.log(
          Level.WARNING,
          "A segment cannot be emptied now, which is tried again each second: {0}",
          refused.getMessage());
    }
  }
}
