package io.moiety.broker.transaction;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.delay.DelayedDelivery;
import io.moiety.broker.delay.TimerSizes;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.DamagedRecords;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.BootHistory;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.HeldReads;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.Store;
import io.moiety.broker.store.StoreGate;
import io.moiety.broker.store.StoreSettings;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.store.View;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real log with real views, driven by the test's thread, which so has the turn all the time. Its
 * clock stands still until the test moves it; nothing is durable before {@link #flush()}.
 */
public final class TestStore implements AutoCloseable, HeldAcks {
  public static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);

  public final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final BlockFile blocks = SimulatedViewFiles.blocks();
  public final QueueTable queues = new QueueTable(blocks);
  public final TopicTable topics = new TopicTable();
  final HalfMessages halves = new HalfMessages(6_000);
  final DecidedBranches decided = new DecidedBranches();
  final List<AckRange> held = new ArrayList<>();
  final List<AckRange> givenBack = new ArrayList<>();
  public final Store store;

  /** The store takes no messages, as while its disk is behind. */
  public boolean refusesMessages;

  /** What it says then. */
  public PutStatus refusal = PutStatus.OS_PAGE_CACHE_BUSY;

  /** Positions of records that the disk does not give to who delivers delayed messages. */
  public final Set<Long> unreadable = new HashSet<>();

  public final DelayedDelivery delayed;
  final Completion completion;
  final ColdReads coldReads;

  /** Reads that the test has not done yet, when it keeps them; otherwise they are done at once. */
  public final HeldReads readers = new HeldReads();

  public final Branches branches;
  public final BranchDecisions decisions;
  final BranchCompletion branchCompletion;
  final UnfinishedCommits unfinished;
  final BranchQuestions questions;
  private final CommitLog log;

  /** The flush thread waits here after each force, so that nothing is forced unasked. */
  private final Semaphore forces = new Semaphore(0);

  private TestStore(Path directory, boolean syncFlush) {
    BrokerConfig config = BrokerConfig.of(Map.of(), Profile.EMBEDDED);
    BrokerClock clock = new BrokerClock(wallMillis::get, () -> wallMillis.get() * 1_000_000);
    BootHistory boots = new BootHistory();
    DelayedDelivery.Schedules schedules =
        new DelayedDelivery.Schedules(queues, config.delayLevels(), blocks, TimerSizes.standard());
    List<View> views = new ArrayList<>(List.of(boots, topics, queues, halves, decided));
    views.addAll(schedules.views());
    log =
        CommitLog.open(
            LogConfig.of(directory).withSegmentSizeBytes(16 * 1024 * 1024),
            clock::nowMillis,
            new LogEvents() {
              @Override
              public void durableAdvanced(long durablePosition) {
                forces.acquireUninterruptibly();
              }

              @Override
              public void failed(Throwable cause) {
                throw new AssertionError(cause);
              }
            });
    store =
        new Store(
            log, new StoreSettings(HOST, syncFlush, 5_000), clock, queues, views, new Refusing());
    store.replay();
    queues.serve(store.servedPosition(), queue -> {});
    coldReads =
        new ColdReads(
            log::bringToCache,
            store::endPosition,
            ColdReads.Settings.defaults(),
            readers,
            Runnable::run);
    delayed = schedules.start(this::readForDelays, coldReads, store, clock.nowMillis());
    completion = new Completion(store, store, new DelayRouting(config.delayLevels()));
    int boot = boots.next(now()).bootNumber();
    store.record(boots.next(now()));
    branches = new Branches(decided, new Incarnations(boot), this);
    branchCompletion = new BranchCompletion(decided, store, completion);
    unfinished = new UnfinishedCommits(decided, branchCompletion, coldReads);
    unfinished.begin(now());
    decisions = new BranchDecisions(branches, decided, store, branchCompletion);
    questions = new BranchQuestions(branches, decided, store);
    force(log.appendedPosition());
  }

  private RecordView readForDelays(long position, int sizeBytes) {
    if (unreadable.contains(position)) {
      throw DamagedRecords.unreadableAt(position);
    }
    return store.read(position, sizeBytes);
  }

  private final class Refusing implements StoreGate {
    @Override
    public void beforeFact() {}

    @Override
    public void beforeMessage() {
      if (refusesMessages) {
        throw new AppendRefusedException(refusal, "it takes no messages");
      }
    }
  }

  public static TestStore open(Path directory) {
    return new TestStore(directory, true);
  }

  /** Under {@code ASYNC_FLUSH}. */
  static TestStore openAsync(Path directory) {
    return new TestStore(directory, false);
  }

  public long now() {
    return wallMillis.get();
  }

  /** Forces everything; those who wait are not told yet. */
  public void force() {
    long end = log.appendedPosition();
    if (log.durablePosition() < end) {
      forces.release();
      force(end);
    }
  }

  /** Forces everything and tells those who wait. */
  public void flush() {
    force();
    store.publish(now());
    queues.serve(store.servedPosition(), queue -> {});
  }

  /** Goes on with what commits demand still, as far as that is due. */
  void completeDue() {
    while (unfinished.nextDueMillis() <= now()) {
      unfinished.run(now());
    }
  }

  /** Flips bits of a stored record behind the back of the log. */
  public static void damage(Path directory, long position) throws IOException {
    Path segment = directory.resolve("commitlog").resolve("0".repeat(20));
    try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {(byte) 0xA5, (byte) 0x5A}), position + 20);
    }
  }

  /** The record at a position. */
  RecordView find(long position) {
    return log.find(position).orElseThrow();
  }

  private void force(long end) {
    log.forceUpTo(end);
    long deadlineNanos = System.nanoTime() + 30_000_000_000L;
    while (log.durablePosition() < end) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new AssertionError("no force within 30 s");
      }
      Thread.onSpinWait();
    }
  }

  BranchXid xid(int number) {
    return new BranchXid(1, new byte[] {(byte) number}, new byte[] {1});
  }

  long start(BranchXid xid) {
    Branches.StartAnswer answer = branches.start(xid, 0, 0, 1, now());
    return ((Branches.StartAnswer.Started) answer).incarnation();
  }

  /** Appends a half message of a branch, as the intake does. */
  Logged send(BranchXid xid, long incarnation, int sequence, String topic, String body) {
    Logged half =
        store.put(
            draft(SystemTopics.HALF, body)
                .withProperties(
                    MessageProperties.empty()
                        .with(PropertyNames.REAL_TOPIC, topic)
                        .with(PropertyNames.REAL_QUEUE_ID, "0")
                        .with(PropertyNames.BRANCH_XID, xid.toText())
                        .with(PropertyNames.BRANCH_INCARNATION, Long.toString(incarnation))
                        .with(PropertyNames.BRANCH_SEQUENCE, Integer.toString(sequence))));
    branches.sent(xid, new BranchSend(sequence, half.position(), half.sizeBytes()), 1);
    return half;
  }

  public RecordDraft draft(String topic, String body) {
    return new RecordDraft(
        topic,
        0,
        0,
        0,
        0,
        now(),
        HOST,
        HOST,
        0,
        0,
        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
        MessageProperties.empty());
  }

  /** Bodies of what may be delivered from queue 0 of a topic. */
  public List<String> served(String topic) {
    List<String> bodies = new ArrayList<>();
    queues.find(topic, 0).ifPresent(queue -> collect(queue, bodies));
    return bodies;
  }

  private void collect(ConsumeQueue queue, List<String> bodies) {
    for (long offset = 0; offset < queue.servedOffset(); offset++) {
      RecordView record =
          store.read(
              queue.find(offset).orElseThrow().position(),
              queue.find(offset).orElseThrow().sizeBytes());
      bodies.add(StandardCharsets.UTF_8.decode(record.body()).toString());
    }
  }

  @Override
  public void hold(AckRange range, long incarnation) {
    held.add(range);
  }

  @Override
  public void giveBack(AckRange range, long incarnation) {
    givenBack.add(range);
  }

  @Override
  public void close() {
    forces.release(Integer.MAX_VALUE / 2);
    log.close();
  }
}
