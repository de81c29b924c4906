package io.moiety.broker.retention;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.log.RecordUnreadableException;
import io.moiety.broker.log.SegmentInfo;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.Store;
import io.moiety.protocol.RecordView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Empties the oldest segment and lets it go, one after the other: what is still needed of it is
 * appended again ({@link io.moiety.broker.store.Carried}), and when a snapshot, with its base, that
 * lies behind the segment and these copies is durable, the segment is deleted. A segment of which
 * more than half is needed stays, and so do those behind it.
 *
 * <pre>
 * RESTING --the oldest may go--> LOOKING --little is needed--> CARRYING --all carried--> AWAITING
 *    ^------ most is needed --------'                     a snapshot behind is durable |
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
  private static final long CARRIED_BYTES_PER_RUN = 1024 * 1024;

  /** Above this part of a segment, carrying costs more than it frees. */
  private static final int WORTH_PART = 2;

  private final CommitLog log;
  private final Store store;
  private final ColdReads coldReads;
  private final List<LiveRecords> liveRecords;
  private final Snapshots snapshots;
  private final RetentionPolicy policy;
  private final DiskGuard guard;
  private final LongConsumer deleted;
  private State state = new Resting();
  private long dueMillis;
  private int knownSegments;
  private long pinnedPosition = -1;

  /**
   * A base behind it knows all copies where they are now. Before it, a rebuild could meet what a
   * base says of a record before the copy, with the original gone. An earlier run may have stopped
   * behind copies, so all that it appended counts.
   */
  private long copiesEnd;

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

  private record Looking(
      SegmentInfo segment, long retainedBytes, String cause, Deque<LiveLook> looks, LiveSet live)
      implements State {}

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
    this.log = log;
    this.store = store;
    this.coldReads = coldReads;
    this.liveRecords = List.copyOf(liveRecords);
    this.snapshots = snapshots;
    this.policy = policy;
    this.guard = guard;
    this.deleted = deleted;
    this.copiesEnd = log.appendedPosition();
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
    try {
      step(nowMillis);
    } catch (AppendRefusedException | RecordUnreadableException refused) {
      LOG.log(
          Level.WARNING,
          "A segment cannot be emptied now, which is tried again: {0}",
          refused.getMessage());
      dueMillis = nowMillis + RETRY_MILLIS;
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
    long retainedBytes = log.appendedPosition() - oldest.basePosition();
    Optional<String> cause = policy.mayGo(oldest, retainedBytes, log.diskSpace(), nowMillis);
    if (cause.isEmpty()) {
      guard.pinned(Optional.empty());
      return;
    }
    Deque<LiveLook> looks = new ArrayDeque<>();
    liveRecords.forEach(source -> looks.add(source.look(oldest.endPosition())));
    LiveSet live = new LiveSet((oldest.endPosition() - oldest.basePosition()) / WORTH_PART);
    Looking looking = new Looking(oldest, retainedBytes, cause.get(), looks, live);
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
    if (looking.live().isFull()) {
      state = new Resting();
      pinned(looking, nowMillis);
    } else {
      empty(looking.segment(), looking.cause(), looking.live(), nowMillis);
    }
  }

  private void empty(SegmentInfo oldest, String cause, LiveSet live, long nowMillis) {
    guard.pinned(Optional.empty());
    LOG.log(
        Level.INFO,
        "The segment at {0} goes, since {1}; {2} of its records, {3} bytes, are still needed and carried forward",
        Long.toString(oldest.basePosition()),
        cause,
        live.count(),
        Long.toString(live.bytes()));
    state = new Carrying(oldest, live);
    copiesEnd = Math.max(copiesEnd, oldest.endPosition());
    dueMillis = nowMillis;
  }

  private void pinned(Looking looking, long nowMillis) {
    guard.pinned(policy.refusalWhilePinned(looking.retainedBytes()));
    dueMillis = nowMillis + PINNED_MILLIS;
    if (pinnedPosition != looking.segment().basePosition()) {
      pinnedPosition = looking.segment().basePosition();
      LOG.log(
          Level.WARNING,
          "The segment at {0} should go, since {1}, but most of it is still needed: by messages that nobody has acknowledged, delayed messages or open transactions",
          Long.toString(pinnedPosition),
          looking.cause());
    }
  }

  private void carry(Carrying carrying, long nowMillis) {
    if (isBeingRead(carrying.live().first(policy.carriedPerRun(), CARRIED_BYTES_PER_RUN))) {
      return;
    }
    long bytes = 0;
    for (int i = 0; i < policy.carriedPerRun() && bytes < CARRIED_BYTES_PER_RUN; i++) {
      if (carrying.live().isEmpty()) {
        state = new Awaiting(carrying.segment(), copiesEnd);
        break;
      }
      Map.Entry<Long, Integer> next = carrying.live().first();
      try {
        carry(next.getKey(), next.getValue());
      } catch (IllegalArgumentException tooLarge) {
        cannotBeCopied(carrying.segment(), next.getKey(), tooLarge, nowMillis);
        return;
      }
      carrying.live().remove(next.getKey());
      bytes += next.getValue();
    }
    dueMillis = nowMillis;
  }

  /**
   * A record that is as large as it may be has no room for the mark of a copy: it keeps its
   * segment, and those behind it, until it is not needed any more.
   */
  private void cannotBeCopied(
      SegmentInfo segment, long position, IllegalArgumentException why, long nowMillis) {
    state = new Resting();
    dueMillis = nowMillis + PINNED_MILLIS;
    guard.pinned(policy.refusalWhilePinned(log.appendedPosition() - segment.basePosition()));
    if (pinnedPosition != segment.basePosition()) {
      pinnedPosition = segment.basePosition();
      LOG.log(
          Level.WARNING,
          "The segment at {0} cannot go: the record at {1} is still needed and cannot be copied: {2}",
          Long.toString(pinnedPosition),
          Long.toString(position),
          why.getMessage());
    }
  }

  /** True when they have to come from the disk: it goes on when the reader threads have them. */
  private boolean isBeingRead(List<RecordSpan> next) {
    List<RecordSpan> cold = coldReads.coldOf(next);
    if (cold.isEmpty()) {
      return false;
    }
    dueMillis = Long.MAX_VALUE;
    return coldReads.read(cold, () -> dueMillis = 0);
  }

  private void carry(long position, int sizeBytes) {
    RecordView record;
    try {
      record = store.read(position, sizeBytes);
    } catch (RecordDamagedException damaged) {
      LOG.log(
          Level.ERROR,
          "A record that is still needed is damaged and goes with its segment: {0}",
          damaged.getMessage());
      return;
    }
    if (liveRecords.stream().allMatch(source -> source.isLive(record))) {
      copiesEnd = store.carry(record).endPosition();
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
    deleted.accept(log.firstPosition());
    state = new Resting();
    dueMillis = nowMillis;
  }
}
