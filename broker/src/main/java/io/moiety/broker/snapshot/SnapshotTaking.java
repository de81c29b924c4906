package io.moiety.broker.snapshot;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.ForceFailedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.retention.Retention;
import io.moiety.broker.store.Base;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes a base and a snapshot when the log has grown enough since the last one, so that a start has
 * little to replay, and a last one before the store is closed. One at a time.
 *
 * <pre>
 * grown --base, capture--> waits for the force --> view thread writes --> at rest
 * </pre>
 *
 * <p>Owner: the store turn; the view thread writes, and tells the size.
 */
public final class SnapshotTaking implements DueWork, Retention.Snapshots {
  private static final Logger LOG = System.getLogger(SnapshotTaking.class.getName());

  /** Base and snapshot together cost at most an eighth of what is appended. */
  private static final int GROWTH_PER_SIZE = 8;

  private static final long RETRY_MILLIS = 10_000;

  private final Store store;
  private final Snapshots snapshots;
  private final List<? extends StoredView> views;
  private final ViewThread thread;
  private final long intervalBytes;
  private long lastEndPosition;
  private long lastBaseBytes;
  private volatile long lastSnapshotBytes;
  private volatile long durablePosition;

  /** A snapshot is wanted that lies here or later. */
  private long requestedPosition = -1;

  /** Of the last one, written or not. */
  private long lastPosition;

  private long pausedUntilMillis;
  private volatile boolean underWay;
  private final AtomicBoolean damaged = new AtomicBoolean();

  /** No snapshot is left that names blocks. The view thread's. */
  private boolean allDeleted;

  /**
   * For a store that is replayed.
   *
   * @param restored what the start began with
   * @param intervalBytes growth of the log after which a snapshot is taken at the earliest
   */
  public SnapshotTaking(
      Store store,
      Snapshots snapshots,
      Snapshots.Restored<?> restored,
      List<? extends StoredView> views,
      ViewThread thread,
      long intervalBytes) {
    this.store = store;
    this.snapshots = snapshots;
    this.views = views;
    this.thread = thread;
    this.intervalBytes = intervalBytes;
    this.lastEndPosition = restored.base().map(Base::endPosition).orElse(store.firstPosition());
    this.lastBaseBytes = restored.base().map(Base::sizeBytes).orElse(0L);
    this.lastSnapshotBytes = restored.sizeBytes();
    this.lastPosition = restored.base().map(Base::position).orElse(-1L);
    this.durablePosition = lastPosition;
  }

  /** Takes a snapshot if the log has grown enough. */
  @Override
  public void run(long nowMillis) {
    boolean wanted = requestedPosition > lastPosition || grownBytes() >= neededBytes();
    if (!underWay && nowMillis >= pausedUntilMillis && wanted) {
      take(nowMillis, () -> {});
    }
  }

  @Override
  public long durablePosition() {
    return durablePosition;
  }

  @Override
  public void request(long behindPosition) {
    requestedPosition = behindPosition;
  }

  /** Appends call for it, not the time. */
  @Override
  public long nextDueMillis() {
    return Long.MAX_VALUE;
  }

  /**
   * Before the store is closed: takes a snapshot of what was appended since the last one.
   *
   * @param written told on the view thread, or here and now when there is nothing to do
   */
  public void takeLast(long nowMillis, Runnable written) {
    if (grownBytes() == 0 || store.failed()) {
      thread.execute(written); // Behind a snapshot that is being written.
    } else {
      take(nowMillis, written);
    }
  }

  /**
   * A file of the views is not what was written: no snapshot hands that on any more, and the next
   * start reads the whole log. Any thread.
   */
  public void viewsDamaged(String what) {
    if (damaged.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "The views are damaged, so no snapshot is kept and the next start builds them from the whole log: {0}",
          what);
      thread.execute(this::deleteSnapshots);
    }
  }

  private long grownBytes() {
    return store.endPosition() - lastEndPosition;
  }

  private long neededBytes() {
    return Math.max(intervalBytes, GROWTH_PER_SIZE * (lastBaseBytes + lastSnapshotBytes));
  }

  private void take(long nowMillis, Runnable written) {
    long beginNanos = System.nanoTime();
    Base base;
    try {
      base = store.takeBase();
    } catch (AppendRefusedException refused) {
      LOG.log(
          Level.WARNING,
          "No snapshot can be taken now; it will be tried again: {0}",
          refused.getMessage());
      pausedUntilMillis = nowMillis + RETRY_MILLIS;
      written.run();
      return;
    }
    Captured captured = Captured.of(base, views);
    lastPosition = base.position();
    lastEndPosition = base.endPosition();
    lastBaseBytes = base.sizeBytes();
    underWay = true;
    LOG.log(
        Level.DEBUG,
        "A base of {0} bytes at position {1} held the turn for {2} us",
        Long.toString(base.sizeBytes()),
        Long.toString(base.position()),
        TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - beginNanos));
    store.whenDurable(
        base.endPosition(),
        outcome -> {
          if (outcome == PutStatus.PUT_OK) {
            thread.execute(() -> write(captured, written));
          } else {
            LOG.log(Level.WARNING, "No snapshot is written: the disk answered {0}", outcome);
            lastPosition = durablePosition;
            pausedUntilMillis = nowMillis + RETRY_MILLIS;
            underWay = false;
            written.run();
          }
        });
  }

  /**
   * On the view thread. A full disk is no failure of the store: the next snapshot may find room,
   * which comes from segments that go. These need only the base: without a snapshot behind them the
   * next start reads the whole log.
   */
  private void write(Captured captured, Runnable written) {
    try {
      writeOrDiscard(captured);
      durablePosition = captured.base().position();
      underWay = false;
    } finally {
      written.run();
    }
  }

  /** On the view thread, which runs it again when it fails. */
  private void deleteSnapshots() {
    try {
      snapshots.deleteAll();
      allDeleted = true;
    } catch (IOException left) {
      throw new UncheckedIOException("snapshots cannot be deleted: " + left.getMessage(), left);
    }
  }

  private void writeOrDiscard(Captured captured) {
    if (damaged.get()) {
      if (allDeleted) {
        captured.released();
      }
      return;
    }
    try {
      lastSnapshotBytes = snapshots.write(captured);
    } catch (ForceFailedException failed) {
      throw new UncheckedIOException(failed);
    } catch (IOException unwritten) {
      LOG.log(
          Level.WARNING,
          "A snapshot cannot be written; the next one will be tried when the log has grown: {0}",
          unwritten.getMessage());
      discard();
    }
  }

  private void discard() {
    try {
      snapshots.discardUnfinished();
    } catch (ForceFailedException failed) {
      throw new UncheckedIOException(failed);
    } catch (IOException left) {
      LOG.log(Level.WARNING, "An unfinished snapshot stays until the next one: {0}", left);
    }
  }
}
