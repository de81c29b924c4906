package io.moiety.broker.transaction;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.transaction.AdministratorDecisions.Verdict;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Half messages: producers that send, decide, tell once, often, late, never or both, that come and
 * go; a broker that is forced, killed and started, asks, parks, and deletes what it does not need.
 */
final class HalfWorld implements ModelWorld {
  private static final String GROUP = "shop";
  private static final String TOPIC = "orders";
  private static final long DELAY_MILLIS = 30;
  private static final int DUE_IN_VAIN = 2;

  private final Bounds bounds;
  private final Flaw flaw;
  private final List<Half> halves = new ArrayList<>();
  private final Seen seen = new Seen();
  private final Set<String> seenParked = new TreeSet<>();
  private final ModelLog log;
  private ModelBroker broker;
  private ModelBroker.Parts parts;
  private long nowMillis = 1_000_000;
  private boolean connected = true;
  private Optional<Carried> carried = Optional.empty();
  private int boots;
  private int crashesLeft;
  private int ticksLeft;
  private int joinsLeft;
  private int carriesLeft;
  private int administratorsLeft;
  private int activesLeft;

  /** What this run of the broker did that is not in the log. */
  private String volatileTrace = "";

  /**
   * How much may happen.
   *
   * @param tellings how often each resolution of each half message may reach the broker
   * @param ticks how often the time of the next thing that is due comes
   * @param joins how often the producers come or go
   * @param carries how often the log's begin may be carried forward
   * @param administrators how often an administrator decides
   * @param actives how often a producer says that its transaction is active
   * @param delayed whether the messages have a delay
   * @param contradicting whether producers may tell both resolutions
   */
  record Bounds(
      int halves,
      int tellings,
      int crashes,
      int ticks,
      int joins,
      int carries,
      int administrators,
      int actives,
      boolean delayed,
      boolean contradicting) {}

  private enum Word {
    COMMIT,
    ROLLBACK
  }

  private record Carried(long endPosition, long behindPosition) {}

  /** Of the last base, while the log has it. */
  private Optional<ModelBroker.Snapshot> snapshot = Optional.empty();

  /** One half message, as its producer and the world outside know it. */
  private static final class Half {
    final String body;
    Optional<Resolver.Target> target = Optional.empty();
    boolean stored;
    boolean asked;

    /** The number of the last check. */
    int check;

    Optional<Word> decided = Optional.empty();
    final Set<Word> issued = EnumSet.noneOf(Word.class);
    final Set<Word> confirmed = EnumSet.noneOf(Word.class);
    final Map<Word, Integer> tellingsLeft = new EnumMap<>(Word.class);

    Half(String body, int tellings) {
      this.body = body;
      for (Word word : Word.values()) {
        tellingsLeft.put(word, tellings);
      }
    }

    @Override
    public String toString() {
      return "%s %s %s %s %s %s %s %s %s"
          .formatted(
              body,
              target.map(Resolver.Target::position),
              stored,
              asked,
              check,
              decided,
              issued,
              confirmed,
              tellingsLeft);
    }
  }

  HalfWorld(Bounds bounds, Flaw flaw) {
    this.bounds = bounds;
    this.flaw = flaw;
    crashesLeft = bounds.crashes();
    ticksLeft = bounds.ticks();
    joinsLeft = bounds.joins();
    carriesLeft = bounds.carries();
    administratorsLeft = bounds.administrators();
    activesLeft = bounds.actives();
    for (int i = 0; i < bounds.halves(); i++) {
      halves.add(new Half("h" + i, bounds.tellings()));
    }
    log = new ModelLog(() -> nowMillis);
    broker = ModelBroker.replayed(log, flaw);
    parts = broker.begin(++boots, nowMillis, this::ask);
  }

  @Override
  public List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (Half half : halves) {
      addSteps(half, steps);
    }
    if (log.unforced() > 0) {
      steps.add(new Step("force", this::force));
    }
    if (ticksLeft > 0 && nextDueMillis() < Long.MAX_VALUE) {
      steps.add(new Step("tick", this::tick));
    }
    if (joinsLeft > 0) {
      steps.add(new Step(connected ? "producers go" : "producers come", this::join));
    }
    if (crashesLeft > 0) {
      for (int kept = 0; kept <= log.unforced(); kept++) {
        int left = kept;
        steps.add(new Step("crash, " + kept + " unforced records left", () -> crash(left)));
      }
    }
    addRetention(steps);
    return steps;
  }

  private void addSteps(Half half, List<Step> steps) {
    if (half.target.isEmpty()) {
      steps.add(new Step("send " + half.body, () -> send(half)));
      return;
    }
    if (half.decided.isEmpty()) {
      if (half.stored) {
        steps.add(new Step("decide commit of " + half.body, () -> decide(half, Word.COMMIT)));
      }
      steps.add(new Step("decide rollback of " + half.body, () -> decide(half, Word.ROLLBACK)));
    }
    for (Word word : Word.values()) {
      if (mayTell(half, word)) {
        steps.add(new Step("tell " + word + " of " + half.body, () -> tell(half, word)));
      }
    }
    addAdministration(half, steps);
  }

  private void addAdministration(Half half, List<Step> steps) {
    if (half.asked && half.decided.isEmpty() && activesLeft > 0) {
      steps.add(new Step("tell that " + half.body + " is active", () -> tellActive(half)));
    }
    if (administratorsLeft > 0 && half.stored) {
      for (Verdict verdict : List.of(Verdict.COMMIT, Verdict.ROLLBACK, Verdict.RESUME)) {
        steps.add(
            new Step(
                "administrator: " + verdict + " of " + half.body,
                () -> administrate(half, verdict)));
      }
    }
  }

  private void tellActive(Half half) {
    activesLeft--;
    parts.checkBack().stillActive(half.target.orElseThrow(), Resolver.Claimant.ANYBODY, half.check);
  }

  private void administrate(Half half, Verdict verdict) {
    administratorsLeft--;
    Optional<Word> word =
        switch (verdict) {
          case COMMIT -> Optional.of(Word.COMMIT);
          case ROLLBACK -> Optional.of(Word.ROLLBACK);
          case RESUME, FORGET -> Optional.empty();
        };
    word.ifPresent(half.issued::add);
    parts
        .administrator()
        .decide(
            new TransactionId.Half(half.target.orElseThrow().position()),
            verdict,
            "somebody",
            nowMillis,
            answer -> {
              if (answer instanceof AdministratorAnswer.Done) {
                word.ifPresent(half.confirmed::add);
              }
            });
  }

  private boolean mayTell(Half half, Word word) {
    boolean knowsWhere = half.stored || half.asked;
    boolean decided = half.decided.filter(own -> own == word || bounds.contradicting()).isPresent();
    return knowsWhere && decided && half.tellingsLeft.getOrDefault(word, 0) > 0;
  }

  private void addRetention(List<Step> steps) {
    if (carriesLeft > 0 && carried.isEmpty() && !log.kept().isEmpty()) {
      steps.add(new Step("carry forward", this::carryForward));
    }
    if (carried.filter(done -> done.behindPosition() <= log.durablePosition()).isPresent()) {
      steps.add(new Step("delete what was carried", this::delete));
    }
  }

  private void send(Half half) {
    MessageProperties properties =
        MessageProperties.empty()
            .with(PropertyNames.REAL_TOPIC, TOPIC)
            .with(PropertyNames.REAL_QUEUE_ID, "0")
            .with(PropertyNames.PRODUCER_GROUP, GROUP)
            .with(PropertyNames.UNIQUE_KEY, "K" + half.body);
    RecordDraft draft =
        new RecordDraft(
            SystemTopics.HALF,
            0,
            0,
            0,
            0,
            nowMillis,
            ModelLog.HOST,
            ModelLog.HOST,
            0,
            0,
            ByteBuffer.wrap(half.body.getBytes(US_ASCII)),
            bounds.delayed()
                ? properties.with(PropertyNames.TIMER_DELAY_MS, Long.toString(DELAY_MILLIS))
                : properties);
    Logged logged = log.put(draft);
    half.target =
        Optional.of(
            new Resolver.Target(logged.position(), logged.queueOffset(), GROUP, "K" + half.body));
    log.whenDurable(logged.endPosition(), outcome -> half.stored = outcome == PutStatus.PUT_OK);
  }

  private static void decide(Half half, Word word) {
    half.decided = Optional.of(word);
  }

  private void tell(Half half, Word word) {
    half.tellingsLeft.merge(word, -1, Integer::sum);
    half.issued.add(word);
    parts
        .resolver()
        .resolve(
            half.target.orElseThrow(),
            word == Word.COMMIT,
            nowMillis,
            answer -> answered(half, word, answer));
  }

  private void answered(Half half, Word word, Resolver.Answer answer) {
    if (answer.equals(new Resolver.Answer.Resolved(PutStatus.PUT_OK))) {
      half.confirmed.add(word);
    }
  }

  /** The broker's question reaches whoever is there. */
  private int ask(String group, InetSocketAddress origin, int checksBefore, Command check) {
    if (!connected) {
      return 0;
    }
    String body = ModelBroker.body(RecordView.of(check.body()));
    Half half = halves.stream().filter(asked -> asked.body.equals(body)).findFirst().orElseThrow();
    require(
        flaw != Flaw.NONE || fate(half).isEmpty(), half, "is asked about after it was resolved");
    half.asked = true;
    half.check = checksBefore + 1;
    return 1;
  }

  private void force() {
    log.force();
    serve();
  }

  /** Consumers see what is durable. */
  private void serve() {
    broker.serve();
    broker.visible(TOPIC).forEach(seen::saw);
    seenParked.addAll(broker.visible(SystemTopics.CHECK_MAX_TIME).values());
  }

  private long nextDueMillis() {
    return Math.min(parts.checkBack().nextDueMillis(), parts.delayed().nextDueMillis());
  }

  /** What is due may turn out to be due later; of some such times something becomes of one. */
  private void tick() {
    ticksLeft--;
    volatileTrace += connected ? "t" : "T";
    long before = log.endPosition();
    for (int times = 0; times < DUE_IN_VAIN && log.endPosition() == before; times++) {
      nowMillis = Math.max(nowMillis, Math.min(nextDueMillis(), nowMillis + 1_000));
      runDue();
    }
  }

  private void runDue() {
    parts.delayed().run(nowMillis);
    parts.checkBack().run(nowMillis);
  }

  private void join() {
    joinsLeft--;
    connected = !connected;
  }

  private void crash(int kept) {
    crashesLeft--;
    log.crash(kept);
    carried = Optional.empty();
    snapshot = snapshot.filter(taken -> taken.base() < log.endPosition());
    volatileTrace = "";
    broker = ModelBroker.replayed(log, flaw);
    parts = broker.begin(++boots, nowMillis, this::ask);
    serve();
    halves.forEach(this::forgetWhatIsGone);
  }

  /** What was never confirmed may be gone; its producer was told nothing and sends no more. */
  private void forgetWhatIsGone(Half half) {
    long position = half.target.map(Resolver.Target::position).orElse(0L);
    if (position >= log.endPosition()) {
      require(!half.stored, half, "was confirmed as stored, and a crash has lost it");
      half.decided = Optional.of(Word.ROLLBACK);
      half.target = Optional.of(new Resolver.Target(Long.MAX_VALUE, 0, GROUP, ""));
    }
  }

  private void carryForward() {
    carriesLeft--;
    Optional<ModelBroker.CarriedForward> done = broker.carryForward(parts.branches());
    carried = done.map(moved -> new Carried(moved.endPosition(), log.endPosition()));
    snapshot = done.map(ModelBroker.CarriedForward::snapshot);
  }

  private void delete() {
    long end = carried.orElseThrow().endPosition();
    carried = Optional.empty();
    log.deleteBefore(end);
    broker.forgetBefore(end);
  }

  /** How the log says that a half message ended, told without the broker's views. */
  private Optional<ModelLog.Entry> fate(Half half) {
    if (half.target.isEmpty()) {
      return Optional.empty();
    }
    long position = half.target.get().position();
    List<ModelLog.Entry> ends = new ArrayList<>();
    Optional<ModelLog.Entry> parked = Optional.empty();
    for (ModelLog.Entry entry : log.all()) {
      LoggedRecord record = entry.record();
      if (entry.message().isEmpty() || record.isCarried()) {
        continue;
      }
      if (isResumed(record, position)) {
        parked = Optional.empty();
      } else if (record.preparedTransactionOffset() == position) {
        if (record.topic().equals(SystemTopics.CHECK_MAX_TIME)) {
          parked = Optional.of(entry);
        } else {
          ends.add(entry);
        }
      }
    }
    require(ends.size() <= 1, half, "was resolved more than once: " + ends);
    return ends.isEmpty() ? parked : Optional.of(ends.get(0));
  }

  private static boolean isResumed(LoggedRecord record, long position) {
    return record.properties().get(PropertyNames.RESUMED).orElse("").startsWith(position + ":");
  }

  private static boolean is(Optional<ModelLog.Entry> fate, String topic) {
    return fate.filter(end -> end.record().topic().equals(topic)).isPresent();
  }

  private static boolean isCommit(Optional<ModelLog.Entry> fate) {
    return fate.isPresent()
        && !is(fate, SystemTopics.OP_HALF)
        && !is(fate, SystemTopics.CHECK_MAX_TIME);
  }

  @Override
  public void check() {
    for (Half half : halves) {
      Optional<ModelLog.Entry> fate = fate(half);
      boolean isVisible = seen.contains(half.body);
      require(!isVisible || half.issued.contains(Word.COMMIT), half, "is visible uncommitted");
      require(half.confirmed.size() <= 1, half, "was confirmed both ways");
      if (half.confirmed.contains(Word.COMMIT)) {
        require(
            isCommit(fate) && log.isDurable(fate.orElseThrow()), half, "was committed and is lost");
      }
      if (half.confirmed.contains(Word.ROLLBACK)) {
        require(!isVisible, half, "is visible after its rollback");
        require(
            is(fate, SystemTopics.OP_HALF) && log.isDurable(fate.orElseThrow()),
            half,
            "was rolled back, which is lost");
      }
      if (half.stored && fate.isEmpty()) {
        require(isOpen(half), half, "is neither open nor resolved");
      }
      if (is(fate, SystemTopics.CHECK_MAX_TIME)) {
        require(!isVisible, half, "is visible and parked");
        require(isParked(half), half, "was parked and is not there any more");
      }
    }
    checkDelays();
    checkReplay();
  }

  private boolean isOpen(Half half) {
    return broker.halves.find(half.target.orElseThrow().position()).isPresent();
  }

  private boolean isParked(Half half) {
    Optional<HalfMessage> parked = broker.halves.parked(half.target.orElseThrow().position());
    return parked.flatMap(known -> log.find(known.storedPosition())).isPresent();
  }

  private void checkDelays() {
    for (ModelLog.Entry entry : log.all()) {
      if (entry.record().properties().has(PropertyNames.DUE_OF)) {
        long due =
            Long.parseLong(
                entry.record().properties().get(PropertyNames.TIMER_OUT_MS).orElseThrow());
        require(entry.record().storeTimestampMillis() >= due, entry, "was delivered too early");
      }
    }
  }

  /** A start would find the same as is known now. */
  private void checkReplay() {
    if (Set.of(Flaw.NONE, Flaw.FORGETS_CHECKS, Flaw.CARRIES_WITHOUT_CHECKS).contains(flaw)) {
      List<Object> replayed = ModelBroker.replayed(log, flaw).states();
      require(
          broker.states().equals(replayed),
          broker.states(),
          "is known, and a start would find " + replayed);
    }
    if (flaw == Flaw.NONE && snapshot.isPresent()) {
      List<Object> restored = ModelBroker.restored(log, snapshot.get()).states();
      require(
          broker.states().equals(restored),
          broker.states(),
          "is known, and a start from the snapshot would find " + restored);
    }
  }

  @Override
  public void finish() {
    connected = true;
    force();
    for (int round = 0; round < 2 * ModelBroker.MAX_CHECKS + 4; round++) {
      for (Half half : halves) {
        Optional<Word> own = half.decided.or(() -> undecidedAndLost(half));
        if (own.isPresent() && (half.stored || half.asked) && fate(half).isEmpty()) {
          half.tellingsLeft.merge(own.get(), 1, Integer::sum);
          tell(half, own.get());
        }
      }
      force();
      nowMillis = Math.max(nowMillis + 1, Math.min(nextDueMillis(), nowMillis + 1_000));
      runDue();
      force();
    }
    check();
    halves.forEach(this::checkOutcome);
  }

  /** A producer whose send was never confirmed does not go on with its transaction. */
  private static Optional<Word> undecidedAndLost(Half half) {
    return half.stored ? Optional.empty() : Optional.of(Word.ROLLBACK);
  }

  private void checkOutcome(Half half) {
    Optional<ModelLog.Entry> fate = fate(half);
    boolean isVisible = seen.contains(half.body);
    boolean parked = is(fate, SystemTopics.CHECK_MAX_TIME);
    require(isVisible == isCommit(fate), half, "ended as " + fate + " and visible is " + isVisible);
    if (parked) {
      require(seenParked.contains(half.body), half, "was parked and nobody sees it");
    } else if (half.stored && half.decided.isPresent()) {
      boolean contradicted = half.issued.stream().anyMatch(word -> word != half.decided.get());
      require(
          contradicted || isVisible == half.decided.get().equals(Word.COMMIT),
          half,
          "did not end as decided");
    } else if (half.stored) {
      require(isOpen(half) || fate.isPresent(), half, "is undecided and not open");
    }
  }

  private void require(boolean holds, Object of, String what) {
    if (!holds) {
      throw new AssertionError(of + " " + what + "; log: " + log.fingerprint());
    }
  }

  @Override
  public String fingerprint() {
    return log.fingerprint()
        + halves
        + connected
        + carried
        + volatileTrace
        + (nextDueMillis() - nowMillis)
        + ' '
        + crashesLeft
        + ticksLeft
        + joinsLeft
        + carriesLeft
        + administratorsLeft
        + activesLeft;
  }
}
