package io.moiety.broker;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.delay.TimerSizes;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.retention.DiskGuard;
import io.moiety.broker.retention.Retention;
import io.moiety.broker.retention.RetentionPolicy;
import io.moiety.broker.retention.RetentionSettings;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.snapshot.SnapshotTaking;
import io.moiety.broker.snapshot.Snapshots;
import io.moiety.broker.snapshot.ViewFiles;
import io.moiety.broker.snapshot.ViewThread;
import io.moiety.broker.store.Base;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Store;
import io.moiety.broker.store.StoreGate;
import io.moiety.broker.store.StoreSettings;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.store.TurnEnd;
import io.moiety.broker.store.View;
import io.moiety.protocol.Command;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A broker without its server, on the thread of a test: the log, all views, their files, and what
 * the broker does with them. What the view thread would do waits until the test says so.
 */
final class WholeStore {
  static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);

  static final BrokerConfig CONFIG =
      BrokerConfig.of(Map.of("defaultTopicQueueNums", "2"), Profile.EMBEDDED);

  /** So few on the heap that most are in runs, which are merged all the time. */
  private static final TimerSizes FEW_TIMERS = new TimerSizes(4, 2, 2);

  /** Nothing goes by age or because of the disk. */
  private static final long RESERVED_MILLIS = Long.MAX_VALUE / 2;

  private static final int NEVER_PERCENT = 101;

  final CommitLog log;
  final Views views;
  final Store store;
  final Optional<Base> startedFrom;
  final BrokerClock clock;
  private final SnapshotTaking snapshots;
  private final WaitingTasks viewThread = new WaitingTasks();
  private Optional<Domain> domain = Optional.empty();

  /** Whether somebody of the group is there to be asked about half messages. */
  boolean producerConnected;

  /** What producers were asked. */
  final List<Command> asked = new ArrayList<>();

  private Runnable turnEnd = () -> {};
  private Runnable forced = () -> {};
  private Runnable served = () -> {};

  private static final class WaitingTasks implements ViewThread {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public boolean failed() {
      return false;
    }

    @Override
    public int waiting() {
      return tasks.size();
    }
  }

  private WholeStore(
      CommitLog log,
      ViewFiles files,
      BlockFile blocks,
      StartedStore started,
      BrokerClock clock,
      long intervalBytes) {
    this.log = log;
    this.views = started.restored().views();
    this.startedFrom = started.restored().base();
    this.clock = clock;
    this.store = started.store();
    views.queues().serve(store.servedPosition(), queue -> {});
    this.snapshots =
        new SnapshotTaking(
            store,
            new Snapshots(files),
            started.restored(),
            views.stored(),
            viewThread,
            intervalBytes);
    blocks.begin(viewThread, snapshots::viewsDamaged);
  }

  /** Starts from the newest snapshot. */
  static WholeStore open(CommitLog log, ViewFiles files, AtomicLong wallMillis, long intervalBytes)
      throws IOException {
    return open(log, files, wallMillis, intervalBytes, true);
  }

  /** As above, in either flush mode. */
  static WholeStore open(
      CommitLog log, ViewFiles files, AtomicLong wallMillis, long intervalBytes, boolean syncFlush)
      throws IOException {
    return open(log, files, wallMillis, intervalBytes, syncFlush, List.of());
  }

  /** As above; some more hear of each record, before the views do. */
  static WholeStore open(
      CommitLog log,
      ViewFiles files,
      AtomicLong wallMillis,
      long intervalBytes,
      boolean syncFlush,
      List<View> hearFirst)
      throws IOException {
    BlockFile blocks = BlockFile.open(files);
    BrokerClock clock = new BrokerClock(wallMillis::get, () -> wallMillis.get() * 1_000_000);
    StartedStore started =
        StartedStore.open(
            log,
            blocks,
            new Snapshots(files),
            () -> Views.empty(CONFIG, blocks, files, FEW_TIMERS),
            views ->
                new Store(
                    log,
                    new StoreSettings(HOST, syncFlush, 5_000),
                    clock,
                    views.queues(),
                    Stream.concat(hearFirst.stream(), views.inOrder().stream()).toList(),
                    StoreGate.open()));
    return new WholeStore(log, files, blocks, started, clock, intervalBytes);
  }

  /** What the same log gives when there is nothing but the log. */
  static WholeStore rebuilt(CommitLog log, AtomicLong wallMillis) throws IOException {
    return open(log, new SimulatedViewFiles(), wallMillis, Long.MAX_VALUE);
  }

  /** What the broker does after its store is replayed, with a log of any size. */
  void begin() {
    begin(Long.MAX_VALUE, 1);
  }

  /** As above; what nobody needs goes when the log is larger. */
  void begin(long maxStoreBytes, int carriedPerRun) {
    RetentionPolicy policy =
        new RetentionPolicy(
            new RetentionSettings(
                RESERVED_MILLIS, NEVER_PERCENT, NEVER_PERCENT, maxStoreBytes, carriedPerRun));
    DiskGuard guard = new DiskGuard(log::diskSpace, log::obstacle, policy);
    ColdReads coldReads =
        new ColdReads(
            log::bringToCache,
            store::endPosition,
            ColdReads.Settings.defaults(),
            Runnable::run,
            Runnable::run);
    Domain begun =
        Domain.over(
            store,
            views,
            clock,
            guard,
            CONFIG,
            HOST,
            coldReads,
            new Selectors(),
            (group, origin, checksBefore, check) -> producerConnected && asked.add(check) ? 1 : 0,
            log::find);
    domain = Optional.of(begun);
    List<DueWork> works =
        List.of(
            begun.delayedDelivery(),
            begun.checkBack(),
            begun.branches(),
            begun.unfinishedCommits(),
            begun.deliveries(),
            views.queues(),
            new Retention(
                log, store, coldReads, begun.live(), snapshots, policy, guard, this::forgetBefore),
            snapshots);
    turnEnd =
        new TurnEnd(
            clock,
            store,
            position -> {
              views.queues().serve(position, begun.deliveries());
              served.run();
            },
            wakeMillis -> {},
            works);
  }

  Domain domain() {
    return domain.orElseThrow();
  }

  /** The end of a batch of the turn. */
  void endTurn() {
    turnEnd.run();
    forced.run();
  }

  /** Told whenever a turn has served what may be seen, before it asks for a force. */
  void whenServed(Runnable newServed) {
    served = newServed;
  }

  /** The log is forced by a thread of its own: a turn ends when that has been done. */
  void awaitForces() {
    forced = this::awaitForce;
  }

  private void awaitForce() {
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (log.durablePosition() < log.appendedPosition()) {
      if (System.nanoTime() - untilNanos > 0) {
        throw new AssertionError("the log was not forced within a minute");
      }
      log.forceUpTo(log.appendedPosition());
      Thread.onSpinWait();
    }
  }

  /** One task of the view thread, if one waits. */
  void runViewThread() {
    Runnable task = viewThread.tasks.poll();
    if (task != null) {
      task.run();
    }
  }

  void forgetBefore(long position) {
    views.inOrder().forEach(view -> view.forgetBefore(position));
  }

  void takeLastSnapshot() {
    snapshots.takeLast(clock.nowMillis(), () -> {});
    endTurn(); // Forces.
    endTurn(); // Hears of it.
    while (viewThread.waiting() > 0) {
      runViewThread();
    }
  }

  /** Everything that the views know, by the name of the view. */
  Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    for (View view : views.inOrder()) {
      state.put(view.getClass().getSimpleName(), view.state());
    }
    state.put("queues", queues());
    return state;
  }

  private Map<String, List<Object>> queues() {
    Set<String> topics = new TreeSet<>();
    views.topics().all().stream().map(TopicConfig::name).forEach(topics::add);
    topics.addAll(
        List.of(
            SystemTopics.HALF,
            SystemTopics.OP_HALF,
            SystemTopics.SCHEDULE,
            SystemTopics.TIMER,
            SystemTopics.CHECK_MAX_TIME));
    Map<String, List<Object>> state = new TreeMap<>();
    for (String topic : topics) {
      for (ConsumeQueue queue : views.queues().of(topic)) {
        List<Object> entries = new ArrayList<>(List.of(queue.nextOffset()));
        long offset = queue.nextPresent(queue.minOffset());
        while (offset < queue.nextOffset()) {
          entries.add(offset);
          entries.add(queue.find(offset).orElseThrow());
          offset = queue.nextPresent(offset + 1);
        }
        state.put(topic + "@" + queue.queueId(), entries);
      }
    }
    return state;
  }

  /** A half message that waits where it was parked, as the queue of the parked has it. */
  Optional<RecordView> parked(long halfPosition) {
    return messages(SystemTopics.CHECK_MAX_TIME, 0).stream()
        .filter(record -> record.preparedTransactionOffset() == halfPosition)
        .reduce((earlier, later) -> later);
  }

  /** All messages of a queue, in order. */
  List<RecordView> messages(String topic, int queueId) {
    return views
        .queues()
        .find(topic, queueId)
        .map(queue -> messagesFrom(queue, queue.minOffset()))
        .orElse(List.of());
  }

  /** The messages of a queue that are served, from a queue offset on. */
  List<RecordView> messagesFrom(ConsumeQueue queue, long queueOffset) {
    List<RecordView> messages = new ArrayList<>();
    for (long at = Math.max(queueOffset, queue.minOffset()); at < queue.servedOffset(); at++) {
      queue
          .find(at)
          .map(entry -> store.read(entry.position(), entry.sizeBytes()))
          .ifPresent(messages::add);
    }
    return messages;
  }
}
