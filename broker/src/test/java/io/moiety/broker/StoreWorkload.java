package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delay.DelayedMessage;
import io.moiety.broker.delay.PendingDelays;
import io.moiety.broker.delivery.RetainedMessages;
import io.moiety.broker.intake.IncomingMessage;
import io.moiety.broker.intake.SendOutcome;
import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.transaction.AdministratorAnswer;
import io.moiety.broker.transaction.AdministratorDecisions.Verdict;
import io.moiety.broker.transaction.BranchState;
import io.moiety.broker.transaction.Branches;
import io.moiety.broker.transaction.KnownTransaction;
import io.moiety.broker.transaction.ListingCursor;
import io.moiety.broker.transaction.ListingCursor.Section;
import io.moiety.broker.transaction.Resolver;
import io.moiety.broker.transaction.TransactionId;
import io.moiety.broker.transaction.XaAnswer;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/**
 * A varied load on a {@link WholeStore}, the same for the same seed, and what its producers were
 * told: messages that must be there, and messages that must never be seen.
 */
final class StoreWorkload {
  private static final String KEPT_TOPIC = "kept";
  private static final String DELAYED_TOPIC = "delayed";

  /** Longer than any delay. */
  private static final long ALL_DUE_MILLIS = 3_600_000;

  private static final int MAX_TURNS_TO_COMPLETE = 8;
  private static final String GROUP = "GID";
  private static final long CONNECTION = 1;
  private static final String NON_PERSISTENT = "1";
  private static final String PERSISTENT = "2";
  private static final List<Verdict> PARKED_VERDICTS =
      List.of(Verdict.COMMIT, Verdict.ROLLBACK, Verdict.RESUME);

  private final Random random;
  private final AtomicLong wallMillis;
  private final int maxBodyBytes;
  private final List<HalfSent> halves = new ArrayList<>();
  private final List<BranchXid> prepared = new ArrayList<>();

  /** Bodies of half messages that were seen as parked for good, by their positions. */
  private final Map<Long, String> parked = new TreeMap<>();

  private final List<Long> heuristic = new ArrayList<>();
  private final Map<BranchXid, List<String>> bodiesByXid = new HashMap<>();
  private final boolean syncFlush;
  private int number;

  /** Bodies that were answered as stored, or whose commit was. */
  final List<String> kept = new ArrayList<>();

  /** Bodies whose rollback was answered. */
  final List<String> rolledBack = new ArrayList<>();

  /** Bodies that consumers have seen and may have acknowledged, with the place where they were. */
  private final Map<String, String> consumed = new HashMap<>();

  /** What was answered before it was forced. */
  final EarlyAnswers early = new EarlyAnswers();

  /** Bodies that were sent alone and at once, in the order of their numbers. */
  private final Set<String> plain = new HashSet<>();

  private final Set<String> nonPersistent = new HashSet<>();

  /** Delayed bodies that were answered as stored, and that nobody wanted to cancel. */
  private final List<String> delayed = new ArrayList<>();

  /** Delayed bodies whose cancellation was answered. */
  private final Set<String> cancelled = new HashSet<>();

  /** Up to where each queue was looked at when it was served last. */
  private final Map<String, Long> servedOffsets = new HashMap<>();

  private record HalfSent(String body, long position, long queueOffset) {}

  StoreWorkload(long seed, AtomicLong wallMillis, int maxBodyBytes, boolean syncFlush) {
    this.random = new Random(seed);
    this.maxBodyBytes = maxBodyBytes;
    this.wallMillis = wallMillis;
    this.syncFlush = syncFlush;
  }

  /** Clients know after a restart what they were told before. */
  void begin(WholeStore store) {
    heuristic.clear();
    servedOffsets.clear();
    store.whenServed(() -> checkServed(store));
    queues(store);
    store.endTurn(); // Goes on with what a commit demands.
    store.endTurn();
    early.checkCommits(found(store), consumed.keySet());
    checkCommitted(store);
    checkDelayed(store);
  }

  /** What was answered waits for its time, or has come. */
  private void checkDelayed(WholeStore store) {
    Set<String> there = new HashSet<>(found(store).keySet());
    PendingDelays.Page page = pending(store).page(Optional.empty(), "", Integer.MAX_VALUE);
    addBodies(store, page, there);
    if (page.next().isPresent()) {
      addBodies(
          store,
          pending(store).page(Optional.of(DELAYED_TOPIC), page.next().get(), Integer.MAX_VALUE),
          there);
    }
    assertThat(delayed)
        .filteredOn(body -> !there.contains(body) && !consumed.containsKey(body))
        .as("delayed, answered and gone")
        .isEmpty();
  }

  private static void addBodies(WholeStore store, PendingDelays.Page page, Set<String> bodies) {
    for (RecordSpan span : page.records()) {
      bodies.add(bodyOf(store.store.read(span.position(), span.sizeBytes())));
    }
  }

  /** What is committed comes about after a start, whatever a stop has cut off of it. */
  private void checkCommitted(WholeStore store) {
    for (int turn = 0; turn < MAX_TURNS_TO_COMPLETE && isAnyIncomplete(store); turn++) {
      wallMillis.addAndGet(1_000); // The log may have had no room.
      store.endTurn();
    }
    store.endTurn(); // Serves what was forced.
    Set<String> found = found(store).keySet();
    bodiesByXid.forEach(
        (xid, bodies) -> {
          if (committed(store, xid).isPresent()) {
            assertThat(bodies)
                .as("committed %s", xid)
                .allMatch(body -> found.contains(body) || consumed.containsKey(body));
          }
        });
  }

  private boolean isAnyIncomplete(WholeStore store) {
    return bodiesByXid.keySet().stream()
        .map(xid -> committed(store, xid))
        .flatMap(Optional::stream)
        .anyMatch(branch -> !branch.sends().isEmpty());
  }

  private static Optional<KnownTransaction.KnownBranch> committed(WholeStore store, BranchXid xid) {
    return store
        .domain()
        .transactions()
        .find(new TransactionId.OfBranch(xid))
        .map(KnownTransaction.KnownBranch.class::cast)
        .filter(branch -> branch.state() == BranchState.COMMITTED);
  }

  /** One random step, or the end of a batch. */
  void step(WholeStore store) {
    switch (random.nextInt(31)) {
      case 0, 1, 2 -> sendPlain(store);
      case 3 -> {
        for (int i = random.nextInt(24); i >= 0; i--) {
          sendPlain(store);
        }
      }
      case 4 -> sendTo(store, "t" + random.nextInt(3));
      case 5 -> sendDelayed(store);
      case 6, 7 -> sendHalf(store);
      case 8 -> resolve(store);
      case 9, 10 -> branch(store);
      case 11 -> decide(store);
      case 12 -> heuristic(store);
      case 13, 14 -> acknowledge(store);
      case 15 -> count(store);
      case 16 -> offsets(store);
      case 17 -> topicsAndGroups(store);
      case 18 -> wallMillis.addAndGet(random.nextInt(2_000));
      case 19, 20 -> store.runViewThread();
      case 21 -> consume(store, KEPT_TOPIC, 3);
      case 22 -> consume(store, DELAYED_TOPIC, 2);
      case 23 -> cancelDelayed(store);
      case 24 -> deliverNow(store);
      case 25, 26 -> decideParked(store);
      default -> store.endTurn();
    }
  }

  /** Nothing is left that only this run knows. */
  void end(WholeStore store) {
    store.domain().connectionLost(CONNECTION);
    store.endTurn();
    store.endTurn();
  }

  private String body() {
    return "m" + number++ + "-" + "x".repeat(random.nextInt(maxBodyBytes));
  }

  private void send(
      WholeStore store,
      String topic,
      int sysFlag,
      Map<String, String> properties,
      String body,
      Consumer<SendOutcome.Stored> stored) {
    IncomingMessage message =
        new IncomingMessage(
            topic,
            topic.equals(KEPT_TOPIC) ? 0 : random.nextInt(2),
            2,
            0,
            sysFlag,
            store.clock.nowMillis(),
            WholeStore.HOST,
            0,
            MessageProperties.of(properties),
            ByteBuffer.wrap(body.getBytes(UTF_8)),
            CONNECTION);
    store
        .domain()
        .intake()
        .take(
            message,
            store.clock.nowMillis(),
            outcome -> {
              if (outcome instanceof SendOutcome.Stored done && done.status() == PutStatus.PUT_OK) {
                stored.accept(done);
              }
            });
  }

  private void sendPlain(WholeStore store) {
    String body = body();
    plain.add(body);
    String deliveryMode = deliveryMode();
    boolean isNonPersistent = deliveryMode.equals(NON_PERSISTENT);
    if (isNonPersistent) {
      nonPersistent.add(body);
    }
    send(
        store,
        KEPT_TOPIC,
        0,
        Map.of(PropertyNames.TAGS, "a", PropertyNames.JMS_DELIVERY_MODE, deliveryMode),
        body,
        done -> {
          if (isNonPersistent || !syncFlush) {
            early.message(done.positions().get(0), body);
          } else {
            kept.add(body);
          }
        });
  }

  private String deliveryMode() {
    return random.nextInt(3) == 0 ? NON_PERSISTENT : PERSISTENT;
  }

  private void sendTo(WholeStore store, String topic) {
    send(store, topic, 0, Map.of(PropertyNames.KEYS, "k" + number), body(), done -> {});
  }

  /** What waits for its time is kept in either delivery mode: else it could come twice. */
  private void sendDelayed(WholeStore store) {
    Map<String, String> properties = new HashMap<>();
    properties.put(PropertyNames.JMS_DELIVERY_MODE, deliveryMode());
    if (random.nextBoolean()) {
      properties.put(PropertyNames.DELAY, Integer.toString(1 + random.nextInt(4)));
    } else {
      properties.put(
          PropertyNames.TIMER_DELAY_MS,
          Integer.toString(random.nextInt(random.nextInt(4) == 0 ? 600_000 : 9_000)));
    }
    String body = body();
    send(
        store, DELAYED_TOPIC, 0, properties, body, done -> answeredByMode(() -> delayed.add(body)));
  }

  /** Under {@code ASYNC_FLUSH} such an answer promises nothing that a power cut must leave. */
  private void answeredByMode(Runnable promise) {
    if (syncFlush) {
      promise.run();
    }
  }

  private void cancelDelayed(WholeStore store) {
    Optional<RecordView> found = anyDelayed(store);
    if (found.isPresent()) {
      DelayedMessage message = DelayedMessage.of(found.get()).orElseThrow();
      String body = bodyOf(found.get());
      delayed.remove(body);
      PendingDelays.Fate before =
          pending(store)
              .cancel(
                  List.of(message),
                  status -> {
                    if (status == PutStatus.PUT_OK) {
                      answeredByMode(() -> cancelled.add(body));
                    }
                  });
      assertThat(before).isEqualTo(PendingDelays.Fate.WAITING);
      assertThat(pending(store).fate(message)).isEqualTo(PendingDelays.Fate.CANCELLED);
    }
  }

  private void deliverNow(WholeStore store) {
    Optional<RecordView> found = anyDelayed(store);
    if (found.isPresent()) {
      DelayedMessage message = DelayedMessage.of(found.get()).orElseThrow();
      assertThat(pending(store).deliverNow(message, "ann", status -> {}))
          .isEqualTo(PendingDelays.Fate.WAITING);
      assertThat(pending(store).fate(message)).isEqualTo(PendingDelays.Fate.DELIVERED);
    }
  }

  private static PendingDelays pending(WholeStore store) {
    return store.domain().delayedDelivery().pending();
  }

  /** One that waits; the levels are on the first page, the exact times on the second. */
  private Optional<RecordView> anyDelayed(WholeStore store) {
    PendingDelays.Page page = pending(store).page(Optional.empty(), "", Integer.MAX_VALUE);
    if (random.nextBoolean()) {
      page =
          pending(store)
              .page(Optional.of(DELAYED_TOPIC), page.next().orElseThrow(), Integer.MAX_VALUE);
    }
    List<RecordSpan> records = page.records();
    if (records.isEmpty()) {
      return Optional.empty();
    }
    RecordSpan any = records.get(random.nextInt(records.size()));
    return Optional.of(store.store.read(any.position(), any.sizeBytes()));
  }

  private void sendHalf(WholeStore store) {
    String body = body();
    send(
        store,
        KEPT_TOPIC,
        SysFlag.TRANSACTION_PREPARED,
        Map.of(
            PropertyNames.TRANSACTION_PREPARED,
            "true",
            PropertyNames.PRODUCER_GROUP,
            GROUP,
            PropertyNames.UNIQUE_KEY,
            "u" + number,
            PropertyNames.JMS_DELIVERY_MODE,
            number % 3 == 0 ? NON_PERSISTENT : PERSISTENT),
        body,
        done -> halves.add(new HalfSent(body, done.positions().get(0), done.queueOffset())));
  }

  private void resolve(WholeStore store) {
    if (halves.isEmpty()) {
      return;
    }
    HalfSent half = halves.remove(random.nextInt(halves.size()));
    if (random.nextInt(3) == 0) {
      check(store, half);
      return;
    }
    boolean commit = random.nextBoolean();
    store
        .domain()
        .resolver()
        .resolve(
            new Resolver.Target(half.position(), half.queueOffset(), GROUP, ""),
            commit,
            store.clock.nowMillis(),
            answer -> {
              assertThat(answer).isInstanceOf(Resolver.Answer.Resolved.class);
              if (answer.equals(new Resolver.Answer.Resolved(PutStatus.PUT_OK))) {
                (commit ? kept : rolledBack).add(half.body());
              }
            });
  }

  /** Its producer was asked: in vain for the last time, or once, or once and did not know yet. */
  private void check(WholeStore store, HalfSent half) {
    long nowMillis = store.clock.nowMillis();
    switch (random.nextInt(3)) {
      case 0 -> {
        int tooOften = WholeStore.CONFIG.transactions().checkMax();
        store.store.record(new SystemRecord.HalfChecked(half.position(), tooOften, nowMillis));
      }
      case 1 ->
          store.store.record(new SystemRecord.HalfChecked(half.position(), 1, nowMillis + 1_000));
      default -> {
        store.store.record(new SystemRecord.HalfChecked(half.position(), 1, nowMillis + 1_000));
        store.store.record(new SystemRecord.HalfChecked(half.position(), 0, nowMillis + 1_000));
      }
    }
  }

  /** Somebody looks what is parked for good, and decides one of it. */
  private void decideParked(WholeStore store) {
    List<KnownTransaction> listed =
        store
            .domain()
            .transactions()
            .page(ListingCursor.start(Section.PARKED), 1_000)
            .transactions();
    for (KnownTransaction known : listed) {
      KnownTransaction.EndedHalf half = (KnownTransaction.EndedHalf) known;
      if (half.resolvedPosition() < store.log.durablePosition()) {
        RecordView record = store.log.find(half.resolvedPosition()).orElseThrow();
        parked.put(half.position(), bodyOf(record));
      }
    }
    if (parked.isEmpty() || random.nextBoolean()) {
      return;
    }
    List<Long> positions = List.copyOf(parked.keySet());
    long position = positions.get(random.nextInt(positions.size()));
    String body = parked.get(position);
    Verdict verdict = PARKED_VERDICTS.get(random.nextInt(PARKED_VERDICTS.size()));
    store
        .domain()
        .administratorDecisions()
        .decide(
            new TransactionId.Half(position),
            verdict,
            "a person",
            store.clock.nowMillis(),
            answer -> {
              if (answer instanceof AdministratorAnswer.Done && verdict != Verdict.RESUME) {
                (verdict == Verdict.COMMIT ? kept : rolledBack).add(body);
              }
            });
    parked.remove(position);
  }

  /** What was parked waits until somebody decides it, whatever became of its segment. */
  private void checkParked(WholeStore store) {
    parked.forEach(
        (position, body) ->
            assertThat(store.parked(position).map(StoreWorkload::bodyOf)).contains(body));
  }

  private void branch(WholeStore store) {
    BranchXid xid = new BranchXid(1, ("g" + number++).getBytes(UTF_8), new byte[] {1});
    Branches branches = store.domain().branches();
    Branches.StartAnswer started =
        branches.start(xid, XAResource.TMNOFLAGS, 0, CONNECTION, store.clock.nowMillis());
    long incarnation = ((Branches.StartAnswer.Started) started).incarnation();
    int sends = random.nextInt(3);
    List<String> bodies = new ArrayList<>();
    for (int sequence = 1; sequence <= sends; sequence++) {
      String body = body();
      bodies.add(body);
      send(
          store,
          KEPT_TOPIC,
          0,
          Map.of(
              PropertyNames.BRANCH_XID,
              xid.toText(),
              PropertyNames.BRANCH_INCARNATION,
              Long.toString(incarnation),
              PropertyNames.BRANCH_SEQUENCE,
              Integer.toString(sequence),
              PropertyNames.JMS_DELIVERY_MODE,
              deliveryMode()),
          body,
          done -> {});
    }
    int acks = random.nextInt(2);
    if (acks > 0) {
      long first = 1_000 + 10L * number;
      branches.acknowledge(
          xid,
          incarnation,
          CONNECTION,
          List.of(new AckRange("held", "acknowledged", 0, first, first + random.nextInt(5))));
    }
    if (random.nextInt(6) == 0) {
      return; // Its client died: nothing of it may be seen.
    }
    bodiesByXid.put(xid, bodies);
    branches.end(xid, incarnation, XAResource.TMSUCCESS);
    long nowMillis = store.clock.nowMillis();
    if (random.nextInt(3) == 0) {
      store
          .domain()
          .branchDecisions()
          .commitOnePhase(
              xid, sends, acks, nowMillis, answer -> committedOnePhase(store, answer, bodies));
    } else {
      store
          .domain()
          .branchDecisions()
          .prepare(
              xid,
              sends,
              acks,
              nowMillis,
              answer -> {
                if (answer instanceof XaAnswer.Ok && sends + acks > 0) {
                  prepared.add(xid);
                }
              });
    }
  }

  private void committedOnePhase(WholeStore store, XaAnswer answer, List<String> bodies) {
    if (syncFlush) {
      told(answer, bodies, kept);
    } else if (answer instanceof XaAnswer.Ok) {
      early.commit(store.log.appendedPosition(), bodies);
    }
  }

  private static void told(XaAnswer answer, List<String> bodies, List<String> fate) {
    if (answer instanceof XaAnswer.Ok) {
      fate.addAll(bodies);
    }
  }

  /** A prepared branch can always be decided; the answer may come late. */
  private static void decided(XaAnswer answer, List<String> bodies, List<String> fate) {
    told(answer, bodies, fate);
    if (answer instanceof XaAnswer.Refused refused) {
      assertThat(refused.refusal().xaError()).isEqualTo(XAException.XAER_RMFAIL);
    }
  }

  private void decide(WholeStore store) {
    if (prepared.isEmpty()) {
      return;
    }
    BranchXid xid = prepared.remove(random.nextInt(prepared.size()));
    List<String> bodies = bodiesByXid.getOrDefault(xid, List.of());
    long nowMillis = store.clock.nowMillis();
    if (random.nextBoolean()) {
      store
          .domain()
          .branchDecisions()
          .commit(xid, nowMillis, answer -> decided(answer, bodies, kept));
    } else {
      store
          .domain()
          .branchDecisions()
          .rollback(xid, nowMillis, answer -> decided(answer, bodies, rolledBack));
    }
  }

  private void heuristic(WholeStore store) {
    if (!heuristic.isEmpty() && random.nextBoolean()) {
      store.store.record(new SystemRecord.BranchForgotten(heuristic.remove(0)));
      return;
    }
    long incarnation = (1L << 40) + number++;
    store.store.record(
        new SystemRecord.BranchDecided(
            new BranchXid(2, Long.toString(incarnation).getBytes(UTF_8), new byte[] {1}),
            incarnation,
            random.nextBoolean() ? Decision.HEURISTIC_COMMIT : Decision.HEURISTIC_ROLLBACK,
            "a person",
            store.clock.nowMillis(),
            List.of(),
            List.of()));
    heuristic.add(incarnation);
  }

  private void acknowledge(WholeStore store) {
    List<AckRange> ranges = new ArrayList<>();
    for (int i = random.nextInt(20); i >= 0; i--) {
      long first = random.nextInt(400);
      ranges.add(
          new AckRange("g" + random.nextInt(3), "t" + random.nextInt(3), 0, first, first + i % 3));
    }
    store.store.record(new SystemRecord.Acknowledged(ranges));
  }

  /** Makes queues of the topics whose messages must not go before they are acknowledged. */
  private void queues(WholeStore store) {
    for (String topic : List.of(KEPT_TOPIC, DELAYED_TOPIC)) {
      if (store.views.groups().find(topic).isEmpty()) {
        store.store.record(new SystemRecord.GroupSet(GroupConfig.ofQueue(topic)));
      }
    }
  }

  /**
   * Sees some of a queue's messages and acknowledges them; others before them stay. Waits for the
   * disk, or does not.
   */
  private void consume(WholeStore store, String topic, int oneOf) {
    List<AckRange> ranges = new ArrayList<>();
    List<String> bodies = new ArrayList<>();
    RetainedMessages unacknowledged = unacknowledged(store);
    for (ConsumeQueue queue : store.views.queues().of(topic)) {
      for (RecordView message : store.messages(topic, queue.queueId())) {
        if (unacknowledged.needs(message) && random.nextInt(oneOf) > 0) {
          saw(message);
          bodies.add(bodyOf(message));
          long offset = message.queueOffset();
          ranges.add(new AckRange(topic, topic, queue.queueId(), offset, offset));
        }
      }
    }
    if (!ranges.isEmpty()) {
      acknowledge(store, ranges, bodies);
    }
  }

  private void acknowledge(WholeStore store, List<AckRange> ranges, List<String> bodies) {
    Appended appended = store.store.record(new SystemRecord.Acknowledged(ranges));
    if (random.nextInt(3) == 0) {
      store.store.whenDurable(
          appended.endPosition(),
          status -> {
            if (status == PutStatus.PUT_OK) {
              bodies.forEach(early::acknowledgedForGood);
            }
          });
    } else {
      bodies.forEach(body -> early.acknowledgement(appended.position(), body));
    }
  }

  /** Looks when consumers do: when more is served, whose force may not have begun. */
  private void checkServed(WholeStore store) {
    for (String topic : List.of(KEPT_TOPIC, DELAYED_TOPIC)) {
      for (ConsumeQueue queue : store.views.queues().of(topic)) {
        String place = topic + "@" + queue.queueId();
        store
            .messagesFrom(queue, servedOffsets.getOrDefault(place, 0L))
            .forEach(message -> checkMayBeSeen(store, message));
        servedOffsets.put(place, queue.servedOffset());
      }
    }
  }

  /** Nobody sees what a power cut can take back, but for what may be lost. */
  private void checkMayBeSeen(WholeStore store, RecordView message) {
    if (syncFlush && !nonPersistent.contains(bodyOf(message))) {
      assertThat(message.position() + message.sizeBytes())
          .as("end of what is seen and not forced: %s", bodyOf(message))
          .isLessThanOrEqualTo(store.log.durablePosition());
    }
  }

  /**
   * Whatever was seen stays where it is. Under {@code ASYNC_FLUSH} a power cut may take the copy
   * that a delayed message has become, which then becomes one anew, at another place.
   */
  private void saw(RecordView message) {
    assertThat(cancelled).doesNotContain(bodyOf(message));
    String place = message.queueId() + "@" + message.queueOffset();
    String before = consumed.put(bodyOf(message), place);
    if (syncFlush && before != null) {
      assertThat(place).as(bodyOf(message)).isEqualTo(before);
    }
  }

  /** What was answered as stored is there, once and in order, unless it was acknowledged. */
  void checkKept(WholeStore store) {
    checkParked(store);
    List<String> found = store.messages(KEPT_TOPIC, 0).stream().map(StoreWorkload::bodyOf).toList();
    assertThat(found).doesNotHaveDuplicates();
    assertThat(found).noneMatch(Set.copyOf(rolledBack)::contains);
    Set<String> there = Set.copyOf(found);
    List<String> expected =
        kept.stream().filter(body -> there.contains(body) || !consumed.containsKey(body)).toList();
    Set<String> wanted = Set.copyOf(kept);
    assertThat(found.stream().filter(wanted::contains).toList()).isEqualTo(expected);
    assertThat(found.stream().filter(plain::contains).map(StoreWorkload::numberOf)).isSorted();
    early.check(found(store), consumed.keySet());
  }

  /** Its process or its machine stopped, with so much forced. */
  void stopped(long durablePosition, boolean powerCut) {
    early.stopped(durablePosition, powerCut);
  }

  /** The messages of the queues, by their bodies. */
  private static Map<String, EarlyAnswers.Found> found(WholeStore store) {
    RetainedMessages unacknowledged = unacknowledged(store);
    Map<String, EarlyAnswers.Found> found = new HashMap<>();
    for (String topic : List.of(KEPT_TOPIC, DELAYED_TOPIC)) {
      for (ConsumeQueue queue : store.views.queues().of(topic)) {
        for (RecordView message : store.messages(topic, queue.queueId())) {
          found.put(
              bodyOf(message),
              unacknowledged.needs(message)
                  ? EarlyAnswers.Found.WAITING
                  : EarlyAnswers.Found.ACKNOWLEDGED);
        }
      }
    }
    return found;
  }

  private static RetainedMessages unacknowledged(WholeStore store) {
    return new RetainedMessages(
        store.views.groups(), store.views.queues(), store.views.ledgers(), store.clock);
  }

  private static int numberOf(String body) {
    return Integer.parseInt(body.substring(1, body.indexOf('-')));
  }

  /** Resolves what is open, lets all delays pass, and sees what must have come of it. */
  void fulfil(WholeStore store) {
    while (!halves.isEmpty() || !prepared.isEmpty()) {
      resolve(store);
      decide(store);
      store.endTurn();
    }
    wallMillis.addAndGet(ALL_DUE_MILLIS);
    store.endTurn();
    store.endTurn();
    checkKept(store);
    for (ConsumeQueue queue : store.views.queues().of(DELAYED_TOPIC)) {
      store.messages(DELAYED_TOPIC, queue.queueId()).forEach(this::saw);
    }
    assertThat(consumed.keySet()).containsAll(delayed);
  }

  private static String bodyOf(RecordView message) {
    return UTF_8.decode(message.body()).toString();
  }

  private void count(WholeStore store) {
    store.store.record(
        new SystemRecord.DeliveryCounted(
            "g" + random.nextInt(3),
            "t" + random.nextInt(3),
            0,
            Map.of((long) random.nextInt(400), 1 + random.nextInt(5))));
  }

  private void offsets(WholeStore store) {
    store.store.record(
        new SystemRecord.OffsetsCommitted(
            List.of(
                new SystemRecord.CommittedOffset(
                    "g" + random.nextInt(3), "t" + random.nextInt(3), 0, random.nextInt(50)))));
  }

  private void topicsAndGroups(WholeStore store) {
    String topic = "t" + random.nextInt(3);
    switch (random.nextInt(5)) {
      case 0 -> store.domain().topicCreation().delete(topic);
      case 1 -> store.store.record(new SystemRecord.TopicSet(TopicConfig.of(topic, 4)));
      case 2 -> store.store.record(new SystemRecord.GroupDeleted("g" + random.nextInt(3)));
      case 3 ->
          store.store.record(new SystemRecord.GroupSet(GroupConfig.plain("g" + random.nextInt(3))));
      default -> store.store.record(new SystemRecord.GroupSet(GroupConfig.ofQueue(topic)));
    }
  }
}
