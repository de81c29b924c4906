package io.moiety.broker.transaction;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.delay.DelayedDelivery;
import io.moiety.broker.delay.TimerSizes;
import io.moiety.broker.delivery.BranchHolds;
import io.moiety.broker.delivery.Ledgers;
import io.moiety.broker.log.Appended;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.Looks;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.HalfChecked;
import io.moiety.broker.store.View;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One run of a broker over a {@link ModelLog}: the real views, replayed, and the real parts that
 * decide, wired as the broker wires them, or with a {@link Flaw}.
 */
final class ModelBroker {
  static final long IMMUNITY_MILLIS = 100;
  static final long INTERVAL_MILLIS = 100;
  static final int MAX_CHECKS = 2;

  /** After so long a half message is parked of whose group nobody is there. */
  private static final long UNASKED_MILLIS = 250;

  private static final BrokerConfig CONFIG = BrokerConfig.of(Map.of(), Profile.EMBEDDED);

  private final BlockFile blocks;
  final QueueTable queues;
  final Ledgers ledgers = new Ledgers();
  final HalfMessages halves = new HalfMessages(IMMUNITY_MILLIS);
  final DecidedBranches decided = new DecidedBranches();
  private final DelayedDelivery.Schedules schedules;
  private final ModelLog log;
  private final Flaw flaw;
  private boolean replaying;

  private ModelBroker(ModelLog log, Flaw flaw, BlockFile blocks) {
    this.log = log;
    this.flaw = flaw;
    this.blocks = blocks;
    queues = new QueueTable(blocks);
    schedules =
        new DelayedDelivery.Schedules(queues, CONFIG.delayLevels(), blocks, TimerSizes.standard());
  }

  /**
   * What messages had told the views when a base was appended.
   *
   * @param base position of that base
   */
  record Snapshot(long base, List<byte[]> sections, BlockFile blocks) {}

  /** The parts that act, which exist after the replay. */
  record Parts(
      Resolver resolver,
      CheckBack checkBack,
      Branches branches,
      BranchDecisions decisions,
      UnfinishedCommits unfinished,
      BranchQuestions questions,
      AdministratorDecisions administrator,
      DelayedDelivery delayed) {}

  /** The views as a start would have them now; nobody hears of appends. */
  static ModelBroker replayed(ModelLog log, Flaw flaw) {
    ModelBroker broker = new ModelBroker(log, flaw, SimulatedViewFiles.blocks());
    broker.replay(log.kept());
    return broker;
  }

  /** The views as a start from a snapshot would have them now, whose base is in the log. */
  static ModelBroker restored(ModelLog log, Snapshot snapshot) {
    ModelBroker broker = new ModelBroker(log, Flaw.NONE, snapshot.blocks());
    List<StoredView> stored = broker.stored();
    for (int i = 0; i < stored.size(); i++) {
      try {
        stored
            .get(i)
            .restore(new DataInputStream(new ByteArrayInputStream(snapshot.sections().get(i))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    broker.replay(
        log.kept().stream().filter(entry -> entry.record().position() >= snapshot.base()).toList());
    return broker;
  }

  private void replay(List<ModelLog.Entry> entries) {
    replaying = true;
    entries.forEach(this::apply);
    replaying = false;
    views().forEach(view -> view.forgetBefore(log.firstPosition()));
  }

  private List<StoredView> stored() {
    List<StoredView> stored = new ArrayList<>(List.of(queues, halves));
    stored.addAll(schedules.views());
    return stored;
  }

  /** As it is captured when the base at that position was appended. */
  private Snapshot snapshot(long base) {
    List<byte[]> sections = new ArrayList<>();
    for (StoredView view : stored()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        view.capture().write(new DataOutputStream(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      sections.add(bytes.toByteArray());
    }
    return new Snapshot(base, sections, blocks);
  }

  /** Builds the parts over the replayed views, and completes what is open. */
  Parts begin(int boot, long nowMillis, CheckSender checks) {
    log.broker(this);
    Journal journal = journal();
    ColdReads coldReads =
        new ColdReads(
            (position, sizeBytes) -> {},
            log::endPosition,
            ColdReads.Settings.defaults(),
            Runnable::run,
            Runnable::run);
    Completion completion = new Completion(log, journal, new DelayRouting(CONFIG.delayLevels()));
    Branches branches = new Branches(decided, new Incarnations(boot), heldAcks(journal));
    BranchCompletion branchCompletion = new BranchCompletion(decided, journal, completion);
    BranchDecisions decisions = new BranchDecisions(branches, decided, journal, branchCompletion);
    Resolver resolver = new Resolver(halves, completion, log, log::find, journal);
    CheckBack checkBack =
        new CheckBack(
            halves,
            log,
            coldReads,
            journal,
            checks,
            log::durablePosition,
            new CheckBack.Settings(INTERVAL_MILLIS, MAX_CHECKS, UNASKED_MILLIS));
    Parts parts =
        new Parts(
            resolver,
            checkBack,
            branches,
            decisions,
            new UnfinishedCommits(decided, branchCompletion, coldReads),
            new BranchQuestions(branches, decided, journal),
            new AdministratorDecisions(halves, resolver, checkBack, decisions, log, journal),
            schedules.start(log, coldReads, journal, nowMillis));
    serve();
    if (flaw != Flaw.COMPLETES_NOTHING) {
      parts.unfinished().begin(nowMillis);
    }
    return parts;
  }

  /** What is durable may be seen. */
  void serve() {
    queues.serve(log.durablePosition(), queue -> {});
  }

  long nextOffset(String topic, int queueId) {
    return queues.nextOffset(topic, queueId);
  }

  private List<View> views() {
    List<View> views = new ArrayList<>(List.of(queues, ledgers, halves, decided));
    views.addAll(schedules.views());
    return views;
  }

  void apply(ModelLog.Entry entry) {
    if (entry.base().isPresent()) {
      if (replaying) {
        views().forEach(View::clearFacts);
        entry.base().get().forEach(fact -> applyFact(fact, entry.record()));
      }
    } else if (entry.fact().isPresent()) {
      applyFact(entry.fact().get(), entry.record());
    } else if (entry.message().isPresent()) {
      views().stream()
          .filter(view -> !isHidden(view, entry.record()))
          .forEach(view -> view.applyMessage(entry.record()));
    }
  }

  private void applyFact(SystemRecord fact, LoggedRecord record) {
    boolean hidden =
        replaying
            && ((flaw == Flaw.FORGETS_PREPARES && fact instanceof BranchPrepared)
                || (flaw == Flaw.FORGETS_CHECKS && fact instanceof HalfChecked));
    views().stream()
        .filter(view -> !(hidden && (view == decided || view == halves)))
        .forEach(view -> view.applyFact(fact, record));
  }

  private boolean isHidden(View view, LoggedRecord record) {
    if (!replaying) {
      return false;
    }
    boolean committed = SysFlag.transactionPart(record.sysFlag()) == SysFlag.TRANSACTION_COMMIT;
    return switch (flaw) {
      case FORGETS_COMMITS -> view == halves && committed;
      case FORGETS_ROLLBACKS -> view == halves && record.topic().equals(SystemTopics.OP_HALF);
      case FORGETS_COPIES -> view == decided && committed;
      case FORGETS_DELIVERIES ->
          schedules.views().contains(view) && record.properties().has(PropertyNames.DUE_OF);
      default -> false;
    };
  }

  private HeldAcks heldAcks(Journal journal) {
    BranchHolds holds = new BranchHolds(ledgers, journal);
    return flaw != Flaw.KEEPS_ACKNOWLEDGEMENTS
        ? holds
        : new HeldAcks() {
          @Override
          public void hold(AckRange range, long incarnation) {
            holds.hold(range, incarnation);
          }

          @Override
          public void giveBack(AckRange range, long incarnation) {}
        };
  }

  private Journal journal() {
    return switch (flaw) {
      case ANSWERS_BEFORE_FORCE, ROLLBACK_IS_VISIBLE -> new FlawedJournal();
      default -> log;
    };
  }

  /**
   * What retention did.
   *
   * @param endPosition before which everything may be deleted
   * @param snapshot taken with the base behind it
   */
  record CarriedForward(long endPosition, Snapshot snapshot) {}

  /** Copies what is needed to the log's end, and a base; empty when the log must stay as it is. */
  Optional<CarriedForward> carryForward(Branches branches) {
    long end = log.endPosition();
    List<LiveRecords> sources = new ArrayList<>(List.of(halves, decided, branches));
    sources.addAll(schedules.live());
    Optional<List<RecordSpan>> needed = Looks.at(sources, end);
    if (needed.isEmpty()) {
      return Optional.empty();
    }
    if (flaw != Flaw.CARRIES_NOTHING) {
      for (RecordSpan span : needed.get()) {
        RecordView record = log.read(span.position(), span.sizeBytes());
        boolean passedOver =
            flaw == Flaw.CARRIES_NOTHING_PARKED
                && record.topic().equals(SystemTopics.CHECK_MAX_TIME);
        if (!passedOver && sources.stream().allMatch(source -> source.isLive(record))) {
          log.carry(record);
        }
      }
    }
    List<SystemRecord> facts = new ArrayList<>();
    views().stream()
        .filter(view -> flaw != Flaw.BASE_WITHOUT_BRANCHES || view != decided)
        .forEach(view -> view.sayFacts(facts::add));
    long base = log.endPosition();
    log.base(facts);
    return Optional.of(new CarriedForward(end, snapshot(base)));
  }

  /** What a copy of the record is to say. */
  String knownOf(RecordView carried) {
    return flaw == Flaw.CARRIES_WITHOUT_CHECKS
        ? ""
        : views().stream().map(view -> view.knownOf(carried)).collect(Collectors.joining());
  }

  void forgetBefore(long position) {
    views().forEach(view -> view.forgetBefore(position));
  }

  /** What the transactions' views know, to be compared with what a replay gives. */
  List<Object> states() {
    List<Object> states = new ArrayList<>(List.of(halves.state(), decided.state()));
    schedules.views().forEach(view -> states.add(view.state()));
    return states;
  }

  /** Bodies of what consumers of a topic see, by queue offset. */
  Map<Long, String> visible(String topic) {
    Map<Long, String> bodies = new TreeMap<>();
    Optional<ConsumeQueue> found = queues.find(topic, 0);
    if (found.isPresent()) {
      ConsumeQueue queue = found.get();
      long offset = queue.nextPresent(queue.minOffset());
      while (offset < queue.servedOffset()) {
        Entry entry = queue.find(offset).orElseThrow();
        bodies.put(offset, body(log.read(entry.position(), entry.sizeBytes())));
        offset = queue.nextPresent(offset + 1);
      }
    }
    return bodies;
  }

  static String body(RecordView record) {
    return StandardCharsets.UTF_8.decode(record.body()).toString();
  }

  private final class FlawedJournal implements Journal {
    @Override
    public Appended record(SystemRecord fact) {
      return log.record(fact);
    }

    @Override
    public Logged put(RecordDraft draft) {
      boolean turned =
          flaw == Flaw.ROLLBACK_IS_VISIBLE && draft.topic().equals(SystemTopics.OP_HALF);
      return log.put(
          turned
              ? Completion.visible(
                  log.read(draft.preparedTransactionOffset(), ModelLog.RECORD_BYTES))
              : draft);
    }

    @Override
    public void whenServed(long endPosition, Waiter waiter) {
      whenDurable(endPosition, waiter);
    }

    @Override
    public void whenDurable(long endPosition, Waiter waiter) {
      log.whenDurable(flaw == Flaw.ANSWERS_BEFORE_FORCE ? 0 : endPosition, waiter);
    }

    @Override
    public long endPosition() {
      return log.endPosition();
    }
  }
}
