package io.moiety.broker;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.FlushDiskType;
import io.moiety.broker.config.StoreConfig;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.queue.ServedListener;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Store;
import io.moiety.broker.store.StoreSettings;
import io.moiety.broker.store.StoreTurn;
import io.moiety.broker.store.TurnEnd;
import io.moiety.broker.store.TurnTimer;
import io.moiety.protocol.RecordView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

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
  private static final int SMALLEST_RECORD_LIMIT_BYTES = 8 * 1024 * 1024;

  private final BrokerClock clock;
  private final Views views;
  private final TurnTimer timer;
  private final StoreTurn turn;
  private final CommitLog log;
  private final Store store;
  private volatile Runnable endOfBatch = () -> {};

  private StoreCore(BrokerConfig config, InetSocketAddress storeHost) {
    clock = BrokerClock.system();
    views = Views.empty(config);
    timer = TurnTimer.of(clock, this::wake);
    turn = new StoreTurn(WAITING_REQUESTS, () -> endOfBatch.run(), timer::wakeNow);
    log = CommitLog.open(logConfig(config), clock::nowMillis, new Events());
    StoreSettings settings =
        new StoreSettings(
            storeHost,
            config.store().flushDiskType() == FlushDiskType.SYNC_FLUSH,
            config.store().syncFlushTimeoutMillis());
    store = new Store(log, settings, clock, views.queues(), views.inOrder());
  }

  /** Opens the log and replays it into the views. */
  static StoreCore open(BrokerConfig config, InetSocketAddress storeHost) {
    StoreCore core = new StoreCore(config, storeHost);
    try {
      core.store.replay();
      core.views.queues().serve(core.store.servedPosition(), queue -> {});
      core.log.publishAddress("%s:%d".formatted(storeHost.getHostString(), storeHost.getPort()));
      return core;
    } catch (RuntimeException failure) {
      core.log.close();
      throw failure;
    }
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

  /** The record at a position that a client named, if one begins there. */
  Optional<RecordView> find(long position) {
    return log.find(position);
  }

  /** From now on served messages are told to the listener, and due work is done. */
  void begin(ServedListener served, List<DueWork> works) {
    endOfBatch =
        new TurnEnd(
            clock, store, position -> views.queues().serve(position, served), timer::wakeAt, works);
    timer.start();
    wake();
  }

  /**
   * Works off what the broker itself brought to the turn, then forces and closes the log. On the
   * calling thread, since it waits for the flush thread, which may have the turn now.
   */
  @Override
  public void close() {
    timer.close();
    turn.runHere(
        () -> {
          endOfBatch = () -> {};
          log.close();
        });
  }

  private void wake() {
    turn.post(() -> {});
  }

  private static LogConfig logConfig(BrokerConfig config) {
    StoreConfig store = config.store();
    return LogConfig.of(store.directory())
        .withSegmentSizeBytes(Math.toIntExact(store.segmentBytes()))
        .withMaxRecordBytes(
            Math.max(
                SMALLEST_RECORD_LIMIT_BYTES,
                config.topics().maxMessageBytes() + RECORD_ENVELOPE_BYTES))
        .withFlushIntervalMillis(store.flushIntervalMillis());
  }

  /** Hands over what the flush thread tells. */
  private final class Events implements LogEvents {
    @Override
    public void durableAdvanced(long durablePosition) {
      wake();
    }

    @Override
    public void failed(Throwable cause) {
      LOG.log(
          Level.ERROR,
          "The disk failed; the broker takes no more messages until it is started again, and goes"
              + " on delivering what is durable",
          cause);
      turn.post(store::logFailed);
    }
  }
}
