package io.moiety.broker;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.FlushDiskType;
import io.moiety.broker.config.RetentionConfig;
import io.moiety.broker.config.StoreConfig;
import io.moiety.broker.delay.TimerSizes;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.FileThread;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.LogStatistics;
import io.moiety.broker.queue.ServedListener;
import io.moiety.broker.retention.DiskGuard;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.Retention;
import io.moiety.broker.retention.RetentionPolicy;
import io.moiety.broker.retention.RetentionSettings;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.DirectoryViewFiles;
import io.moiety.broker.snapshot.SnapshotTaking;
import io.moiety.broker.snapshot.Snapshots;
import io.moiety.broker.snapshot.ViewFileThread;
import io.moiety.broker.snapshot.ViewFiles;
import io.moiety.broker.snapshot.ViewGate;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Store;
import io.moiety.broker.store.StoreSettings;
import io.moiety.broker.store.StoreTurn;
import io.moiety.broker.store.TurnEnd;
import io.moiety.broker.store.TurnTimer;
import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The log, its views and the turn, wired to each other: the log tells the turn what became durable,
 * and the end of each batch of the turn serves it.
 *
 * <p>Opened and begun by one thread; after {@link #begin} everything happens in the turn.
 */
final class StoreCore implements AutoCloseable {
  private static final Logger LOG = System.getLogger(StoreCore.class.getName());
  private static final int WAITING_REQUESTS = 64 * 1024;
  private static final int RECORD_ENVELOPE_BYTES = 256 * 1024;
  private static final String VIEWS_THREAD = "moiety-views-restore";
  private static final int SMALLEST_RECORD_LIMIT_BYTES = 8 * 1024 * 1024;

  /** Some hundred microseconds of the turn, when the records are small. */
  private static final int CARRIED_PER_RUN = 64;

  private static final long LAST_SNAPSHOT_SECONDS = 60;

  private final BrokerClock clock;
  private final TurnTimer timer;
  private final StoreTurn turn;
  private final CommitLog log;
  private final ViewFileThread viewThread;
  private final BlockFile blocks;
  private final Views views;
  private final Store store;
  private final SnapshotTaking snapshots;
  private final RetentionPolicy retentionPolicy;
  private final DiskGuard diskGuard;
  private volatile Runnable endOfBatch = () -> {};
  private volatile Runnable onDurable = this::wakeSoon;
  private boolean begun;

  private StoreCore(BrokerConfig config, InetSocketAddress storeHost) {
    clock = BrokerClock.system();
    timer = TurnTimer.of(clock, this::wake);
    turn = new StoreTurn(WAITING_REQUESTS, () -> endOfBatch.run(), timer::wakeNow);
    log = CommitLog.open(logConfig(config), clock::nowMillis, new Events());
    retentionPolicy = retentionPolicy(config.store());
    diskGuard = new DiskGuard(log::diskSpace, log::obstacle, retentionPolicy);
    ViewFiles files = orCloseLog(() -> DirectoryViewFiles.open(config.store().directory()));
    blocks = orCloseLog(() -> BlockFile.open(files));
    viewThread = ViewFileThread.start(StoreCore::viewsFailed);
    try {
      Snapshots snapshotFiles = new Snapshots(files);
      StoreSettings settings = settings(config, storeHost);
      StartedStore started =
          FileThread.call(
              VIEWS_THREAD,
              () ->
                  StartedStore.open(
                      log,
                      blocks,
                      snapshotFiles,
                      () -> Views.empty(config, blocks, files, TimerSizes.standard()),
                      restored -> storeOver(restored, settings)));
      store = started.store();
      views = started.restored().views();
      views.queues().serve(store.servedPosition(), queue -> {});
      snapshots =
          new SnapshotTaking(
              store,
              snapshotFiles,
              started.restored(),
              views.stored(),
              viewThread,
              config.store().snapshotIntervalBytes());
      blocks.begin(viewThread, snapshots::viewsDamaged);
      log.publishAddress("%s:%d".formatted(storeHost.getHostString(), storeHost.getPort()));
    } catch (RuntimeException failure) {
      viewThread.close();
      closeBlocks();
      log.close();
      throw failure;
    }
  }

  private <T> T orCloseLog(Callable<T> opening) {
    try {
      return FileThread.call(VIEWS_THREAD, opening);
    } catch (RuntimeException failure) {
      log.close();
      throw failure;
    }
  }

  private Store storeOver(Views restored, StoreSettings settings) {
    return new Store(
        log,
        settings,
        clock,
        restored.queues(),
        restored.inOrder(),
        new ViewGate(viewThread, () -> blocks.isBehind() || restored.keys().isBehind()));
  }

  private static StoreSettings settings(BrokerConfig config, InetSocketAddress storeHost) {
    return new StoreSettings(
        storeHost,
        config.store().flushDiskType() == FlushDiskType.SYNC_FLUSH,
        config.store().syncFlushTimeoutMillis());
  }

  /** Opens the log, and brings the views to its end from the newest snapshot, or from nothing. */
  static StoreCore open(BrokerConfig config, InetSocketAddress storeHost) {
    return new StoreCore(config, storeHost);
  }

  BrokerClock clock() {
    return clock;
  }

  Views views() {
    return views;
  }

  StoreTurn turn() {
    return turn;
  }

  Store store() {
    return store;
  }

  /** Has the timer's thread take the turn as soon as it can. */
  void wakeSoon() {
    timer.wakeNow();
  }

  /** Who has the turn taken when something has become durable. Must not wait. */
  void onDurable(Runnable takesTheTurn) {
    onDurable = takesTheTurn;
  }

  /** The record at a position that a client named, if one begins there. */
  Optional<RecordView> find(long position) {
    return log.find(position);
  }

  /** Reads a part of the log ahead. Any thread that may wait for the disk. */
  void bringToCache(long position, int sizeBytes) {
    log.bringToCache(position, sizeBytes);
  }

  /** What the log has done. Any thread. */
  LogStatistics logStatistics() {
    return log.statistics();
  }

  /** Refuses producers while the disk is too full. */
  DiskGuard diskGuard() {
    return diskGuard;
  }

  /**
   * From now on served messages are told to the listener, due work is done, and segments go of
   * which nothing is needed but what {@code live} knows.
   */
  void begin(
      ServedListener served, List<DueWork> works, List<LiveRecords> live, ColdReads coldReads) {
    List<DueWork> all = new ArrayList<>(works);
    all.add(
        new Retention(
            log,
            store,
            coldReads,
            live,
            snapshots,
            retentionPolicy,
            diskGuard,
            this::forgetBefore));
    all.add(snapshots);
    endOfBatch =
        new TurnEnd(
            clock, store, position -> views.queues().serve(position, served), timer::wakeAt, all);
    views.keys().begin(viewThread, snapshots::viewsDamaged);
    views.traffic().begin();
    begun = true;
    timer.start();
    wake();
  }

  /**
   * Works off what the broker itself brought to the turn, takes a last snapshot, then forces and
   * closes the log. On the calling thread, since it waits for the flush thread, which may have the
   * turn now.
   */
  @Override
  public void close() {
    if (begun) {
      takeLastSnapshot();
    }
    timer.close();
    viewThread.close();
    views.keys().close();
    turn.runHere(
        () -> {
          endOfBatch = () -> {};
          log.close();
          closeBlocks();
        });
  }

  /**
   * Without it the next start reads a little more; so the wait is bounded, and ends when told to.
   */
  private void takeLastSnapshot() {
    CountDownLatch written = new CountDownLatch(1);
    turn.runHere(() -> snapshots.takeLast(clock.nowMillis(), written::countDown));
    wake(); // The force may have been told while this thread had the turn.
    try {
      if (!written.await(LAST_SNAPSHOT_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "The last snapshot was not written in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the file lacks is rebuilt, so that a failure is told and stops nothing. */
  private void closeBlocks() {
    try {
      blocks.close();
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "The views' file of blocks could not be closed", failure);
    }
  }

  private void forgetBefore(long firstPosition) {
    views.inOrder().forEach(view -> view.forgetBefore(firstPosition));
  }

  private void wake() {
    turn.post(() -> {});
  }

  private static void viewsFailed(Throwable cause) {
    LOG.log(
        Level.ERROR,
        "The files of the queues could not be written; the broker takes no more messages until it"
            + " is started again",
        cause);
  }

  private static RetentionPolicy retentionPolicy(StoreConfig store) {
    RetentionConfig config = store.retention();
    return new RetentionPolicy(
        new RetentionSettings(
            TimeUnit.HOURS.toMillis(config.reservedHours()),
            config.forcedCleanPercent(),
            config.warningPercent(),
            config.maxStoreBytes() == 0 ? Long.MAX_VALUE : config.maxStoreBytes(),
            CARRIED_PER_RUN));
  }

  private static LogConfig logConfig(BrokerConfig config) {
    StoreConfig store = config.store();
    return LogConfig.of(store.directory())
        .withSegmentSizeBytes(Math.toIntExact(store.segmentBytes()))
        .withMaxRecordBytes(
            Math.max(
                SMALLEST_RECORD_LIMIT_BYTES,
                config.topics().maxMessageBytes() + RECORD_ENVELOPE_BYTES))
        .withFlushIntervalMillis(store.flushIntervalMillis())
        .withRecoverFrom(store.recoverFrom());
  }

  /**
   * Hands over what the flush thread tells: another thread takes the turn, so that the next force
   * need not wait for answers.
   */
  private final class Events implements LogEvents {
    @Override
    public void durableAdvanced(long durablePosition) {
      onDurable.run();
    }

    @Override
    public void failed(Throwable cause) {
      LOG.log(
          Level.ERROR,
          cause instanceof IOException
              ? "The disk failed; the broker takes no more messages until it is started again, and"
                  + " goes on delivering what may be seen"
              : "The store failed; the broker takes no more messages until it is started again, and"
                  + " goes on delivering what may be seen",
          cause);
      turn.post(store::logFailed);
    }
  }
}
