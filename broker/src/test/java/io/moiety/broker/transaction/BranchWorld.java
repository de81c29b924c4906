package io.moiety.broker.transaction;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.transaction.AdministratorDecisions.Verdict;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/**
 * One XA branch: a client whose requests may be lost and whose connection may be, a transaction
 * manager that prepares, decides, tells late or often or has to recover, an administrator's clock,
 * and a broker that is forced, killed and started, and deletes what it does not need.
 */
final class BranchWorld implements ModelWorld {
  private static final BranchXid XID = new BranchXid(1, new byte[] {7}, new byte[] {1});
  private static final long CONNECTION = 1;
  private static final String GROUP = "in";
  private static final AckRange INPUT = new AckRange(GROUP, "in", 0, 0, 0);
  private static final long TIMEOUT_MILLIS = 60_000;

  private final Bounds bounds;
  private final Flaw flaw;
  private final Seen[] seen;
  private final ModelLog log;
  private ModelBroker broker;
  private ModelBroker.Parts parts;
  private long nowMillis = 1_000_000;
  private int boots;

  private long incarnation;
  private boolean ended;
  private int sendsMade;
  private int acksMade;

  /** A client that misses an answer does not commit by a message. */
  private boolean partLost;

  private boolean prepareSent;
  private boolean prepared;
  private Optional<Word> decided = Optional.empty();
  private final Set<Word> issued = EnumSet.noneOf(Word.class);
  private final Set<Word> confirmed = EnumSet.noneOf(Word.class);
  private boolean rolledBackByCode;
  private final Map<Word, Integer> tellingsLeft = new EnumMap<>(Word.class);
  private Optional<Carried> carried = Optional.empty();
  private int crashesLeft;
  private int lossesLeft;
  private int carriesLeft;
  private int administratorsLeft;

  /** What an administrator has wanted, and what was confirmed to be done. */
  private final Set<Word> wanted = EnumSet.noneOf(Word.class);

  private final Set<Word> forced = EnumSet.noneOf(Word.class);
  private boolean timeLeft = true;

  /** What this run of the broker knows of the branch that is not in the log. */
  private String volatileTrace = "";

  /**
   * How much may happen.
   *
   * @param sends messages of the branch, by turns to two topics
   * @param byMessage whether a message may commit the branch, of which it should be all
   * @param losses requests or connections that may be lost
   * @param tellings how often each decision may reach the broker
   * @param administrators how often an administrator decides
   */
  record Bounds(
      int sends,
      boolean input,
      boolean onePhase,
      boolean byMessage,
      int losses,
      int tellings,
      int crashes,
      int carries,
      int administrators) {}

  private enum Word {
    COMMIT,
    ROLLBACK
  }

  private record Carried(long endPosition, long behindPosition) {}

  BranchWorld(Bounds bounds, Flaw flaw) {
    this.bounds = bounds;
    this.flaw = flaw;
    crashesLeft = bounds.crashes();
    lossesLeft = bounds.losses();
    carriesLeft = bounds.carries();
    administratorsLeft = bounds.administrators();
    for (Word word : Word.values()) {
      tellingsLeft.put(word, bounds.tellings());
    }
    seen = new Seen[] {new Seen(), new Seen()};
    log = new ModelLog(() -> nowMillis);
    broker = ModelBroker.replayed(log, flaw);
    parts = broker.begin(++boots, nowMillis, (group, origin, checksBefore, check) -> 0);
  }

  private static String topic(int sequence) {
    return "out" + sequence % 2;
  }

  private static String body(int sequence) {
    return "m" + sequence;
  }

  @Override
  public List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    if (incarnation == 0) {
      steps.add(new Step("start", this::start));
    } else {
      addWork(steps);
      addDecisions(steps);
    }
    if (parts.unfinished().nextDueMillis() <= nowMillis) {
      steps.add(new Step("go on with commits", () -> parts.unfinished().run(nowMillis)));
    }
    if (log.unforced() > 0) {
      steps.add(new Step("force", this::force));
    }
    if (crashesLeft > 0) {
      for (int kept = 0; kept <= log.unforced(); kept++) {
        int left = kept;
        steps.add(new Step("crash, " + kept + " unforced records left", () -> crash(left)));
      }
    }
    if (carriesLeft > 0 && carried.isEmpty() && !log.kept().isEmpty()) {
      steps.add(new Step("carry forward", this::carryForward));
    }
    if (carried.filter(done -> done.behindPosition() <= log.durablePosition()).isPresent()) {
      steps.add(new Step("delete what was carried", this::delete));
    }
    return steps;
  }

  private void addWork(List<Step> steps) {
    if (!ended && sendsMade < bounds.sends()) {
      steps.add(new Step("send", this::send));
      if (lossesLeft > 0) {
        steps.add(new Step("send, and the request is lost", () -> lose(this::loseSend)));
      }
    }
    if (!ended && !partLost && bounds.byMessage() && sendsMade < bounds.sends()) {
      steps.add(new Step("send and commit", this::sendAndCommit));
    }
    if (!ended && bounds.input() && acksMade == 0) {
      steps.add(new Step("acknowledge", this::acknowledge));
      if (lossesLeft > 0) {
        steps.add(new Step("acknowledge, and it is lost", () -> lose(this::loseAck)));
      }
    }
    if (!ended) {
      steps.add(new Step("end", this::end));
    }
    if (lossesLeft > 0) {
      steps.add(new Step("connection lost", () -> lose(this::connectionLost)));
    }
    if (timeLeft) {
      steps.add(new Step("the branch's time is over", this::timeOut));
    }
  }

  private void addDecisions(List<Step> steps) {
    if (ended && !bounds.onePhase() && !prepareSent) {
      steps.add(new Step("prepare", this::prepare));
    }
    if (decided.isEmpty()) {
      if (prepared || (bounds.onePhase() && ended)) {
        steps.add(new Step("decide commit", () -> decided = Optional.of(Word.COMMIT)));
      }
      steps.add(new Step("decide rollback", () -> decided = Optional.of(Word.ROLLBACK)));
    } else if (tellingsLeft.getOrDefault(decided.get(), 0) > 0) {
      Word word = decided.get();
      steps.add(new Step("tell " + word, () -> tell(word)));
    }
    if (administratorsLeft > 0) {
      for (Word word : Word.values()) {
        steps.add(new Step("administrator: " + word, () -> administrate(word)));
      }
    }
  }

  private void administrate(Word word) {
    administratorsLeft--;
    wanted.add(word);
    parts
        .administrator()
        .decide(
            new TransactionId.OfBranch(XID),
            word == Word.COMMIT ? Verdict.COMMIT : Verdict.ROLLBACK,
            "somebody",
            nowMillis,
            answer -> {
              if (answer instanceof AdministratorAnswer.Done) {
                forced.add(word);
              }
            });
    volatileTrace += word == Word.COMMIT ? "C" : "R";
  }

  private void start() {
    Branches.StartAnswer answer =
        parts.branches().start(XID, XAResource.TMNOFLAGS, TIMEOUT_MILLIS, CONNECTION, nowMillis);
    incarnation = ((Branches.StartAnswer.Started) answer).incarnation();
  }

  private void send() {
    int sequence = ++sendsMade;
    if (parts.branches().refuseSend(XID, incarnation, sequence).isPresent()) {
      return;
    }
    RecordDraft draft =
        draft(
            SystemTopics.HALF,
            sequence,
            MessageProperties.empty()
                .with(PropertyNames.REAL_TOPIC, topic(sequence))
                .with(PropertyNames.REAL_QUEUE_ID, "0")
                .with(PropertyNames.BRANCH_XID, XID.toText())
                .with(PropertyNames.BRANCH_INCARNATION, Long.toString(incarnation))
                .with(PropertyNames.BRANCH_SEQUENCE, Integer.toString(sequence)));
    Logged half = log.put(draft);
    parts
        .branches()
        .sent(XID, new BranchSend(sequence, half.position(), half.sizeBytes()), CONNECTION);
    volatileTrace += sequence;
  }

  private RecordDraft draft(String topic, int sequence, MessageProperties properties) {
    return new RecordDraft(
        topic,
        0,
        0,
        0,
        0,
        nowMillis,
        ModelLog.HOST,
        ModelLog.HOST,
        0,
        0,
        ByteBuffer.wrap(body(sequence).getBytes(US_ASCII)),
        properties);
  }

  private void loseSend() {
    sendsMade++;
    partLost = true;
  }

  private void loseAck() {
    acksMade++;
    partLost = true;
  }

  /** Refused, it changes nothing, and the client goes on otherwise. */
  private void sendAndCommit() {
    if (parts.branches().refuseOnlySend(XID, incarnation).isPresent()) {
      return;
    }
    int sequence = ++sendsMade;
    ended = true;
    issued.add(Word.COMMIT);
    parts
        .decisions()
        .commitByMessage(
            XID,
            draft(topic(sequence), sequence, MessageProperties.empty()),
            nowMillis,
            (logged, answer) -> committed(answer));
    volatileTrace += "m";
  }

  private void acknowledge() {
    acksMade++;
    if (parts.branches().acknowledge(XID, incarnation, CONNECTION, List.of(INPUT)).isEmpty()) {
      volatileTrace += "a";
    }
  }

  private void end() {
    ended = true;
    if (parts.branches().end(XID, incarnation, XAResource.TMSUCCESS).isEmpty()) {
      volatileTrace += "e";
    }
  }

  private void lose(Runnable what) {
    lossesLeft--;
    what.run();
  }

  private void connectionLost() {
    parts.branches().connectionLost(CONNECTION);
    volatileTrace += "l";
  }

  private void timeOut() {
    timeLeft = false;
    nowMillis += TIMEOUT_MILLIS;
    parts.branches().run(nowMillis);
    volatileTrace += "t";
  }

  private void prepare() {
    prepareSent = true;
    parts
        .decisions()
        .prepare(
            XID,
            sendsMade,
            acksMade,
            nowMillis,
            answer -> {
              prepared = answer instanceof XaAnswer.Ok;
              noteCode(answer);
            });
    volatileTrace += "p";
  }

  private void tell(Word word) {
    tellingsLeft.merge(word, -1, Integer::sum);
    issued.add(word);
    if (word == Word.COMMIT) {
      if (bounds.onePhase()) {
        parts.decisions().commitOnePhase(XID, sendsMade, acksMade, nowMillis, this::committed);
      } else {
        parts.decisions().commit(XID, nowMillis, this::committed);
      }
    } else {
      parts.decisions().rollback(XID, nowMillis, this::rolledBack);
    }
    volatileTrace += word == Word.COMMIT ? "c" : "r";
  }

  private void committed(XaAnswer answer) {
    if (answer instanceof XaAnswer.Ok) {
      confirmed.add(Word.COMMIT);
    }
    noteCode(answer);
  }

  private void rolledBack(XaAnswer answer) {
    if (answer instanceof XaAnswer.Ok) {
      confirmed.add(Word.ROLLBACK);
    }
  }

  /** A rollback code is a promise, whatever was asked. */
  private void noteCode(XaAnswer answer) {
    if (answer instanceof XaAnswer.Refused refused) {
      int code = refused.refusal().xaError();
      rolledBackByCode |= code >= XAException.XA_RBBASE && code <= XAException.XA_RBEND;
    }
  }

  private void force() {
    log.force();
    serve();
  }

  private void serve() {
    broker.serve();
    for (int i = 0; i < seen.length; i++) {
      broker.visible(topic(i)).forEach(seen[i]::saw);
    }
  }

  private void crash(int kept) {
    crashesLeft--;
    log.crash(kept);
    carried = Optional.empty();
    volatileTrace = "";
    broker = ModelBroker.replayed(log, flaw);
    parts = broker.begin(++boots, nowMillis, (group, origin, checksBefore, check) -> 0);
    serve();
  }

  private void carryForward() {
    carriesLeft--;
    carried =
        broker
            .carryForward(parts.branches())
            .map(done -> new Carried(done.endPosition(), log.endPosition()));
  }

  private void delete() {
    long end = carried.orElseThrow().endPosition();
    carried = Optional.empty();
    log.deleteBefore(end);
    broker.forgetBefore(end);
  }

  private boolean isListed() {
    return parts.questions().recover(Optional.empty(), 10).contains(XID);
  }

  private boolean isVisible(int sequence) {
    return seen[sequence % 2].contains(body(sequence));
  }

  private long visible() {
    long count = 0;
    for (int sequence = 1; sequence <= bounds.sends(); sequence++) {
      count += isVisible(sequence) ? 1 : 0;
    }
    return count;
  }

  /** The copies that are in the log, durable or not, also where they are deleted. */
  private List<ModelLog.Entry> copies() {
    return log.all().stream()
        .filter(
            entry ->
                entry.message().isPresent()
                    && !entry.record().topic().equals(SystemTopics.HALF)
                    && !entry.record().isCarried())
        .toList();
  }

  private boolean isAcknowledged() {
    return broker.ledgers.classicOffset(GROUP, "in", 0).orElse(0) == 1;
  }

  private boolean isHeld() {
    return broker.ledgers.isHeldByBranch(GROUP);
  }

  @Override
  public void check() {
    List<ModelLog.Entry> copies = copies();
    require(
        copies.stream().map(copy -> ModelBroker.body(ModelLog.view(copy))).distinct().count()
            == copies.size(),
        "a message is in the log twice");
    boolean commits = issued.contains(Word.COMMIT) || wanted.contains(Word.COMMIT);
    require(commits || visible() == 0, "a message is visible without a commit");
    require(commits || !isAcknowledged(), "the input is acknowledged without a commit");
    if (prepared && issued.isEmpty()) {
      require(isListed(), "the branch is prepared and forgotten");
      require(
          acksMade == 0 || !wanted.isEmpty() || isHeld(),
          "the branch is prepared and its input is free");
    }
    if (confirmed.contains(Word.COMMIT) || forced.contains(Word.COMMIT)) {
      require(
          copies.stream().filter(log::isDurable).count() == sendsMade,
          "the branch was committed and a message is lost");
      require(acksMade == 0 || isAcknowledged(), "the branch was committed, not its input");
    }
    if (confirmed.contains(Word.ROLLBACK) || forced.contains(Word.ROLLBACK) || rolledBackByCode) {
      require(visible() == 0, "a message is visible after the rollback");
      require(copies.isEmpty(), "a message will be visible after the rollback");
      require(!isAcknowledged(), "the input is acknowledged after the rollback");
      require(
          !confirmed.contains(Word.COMMIT) && !forced.contains(Word.COMMIT),
          "the branch was confirmed both ways");
    }
    checkReplay();
  }

  private void checkReplay() {
    if (flaw == Flaw.NONE) {
      List<Object> replayed = ModelBroker.replayed(log, flaw).states();
      require(
          broker.states().equals(replayed),
          broker.states() + " is known, and a start would find " + replayed);
    }
  }

  @Override
  public void finish() {
    force();
    parts.branches().connectionLost(CONNECTION);
    if (isListed()) {
      Word word = decided.orElse(Word.ROLLBACK);
      tellingsLeft.merge(word, 1, Integer::sum);
      tell(word);
    }
    force();
    if (isListed()) {
      parts.decisions().forget(XID, nowMillis, answer -> {});
    }
    nowMillis += 2 * TIMEOUT_MILLIS;
    while (parts.unfinished().nextDueMillis() <= nowMillis) {
      parts.unfinished().run(nowMillis);
    }
    parts.branches().run(nowMillis);
    force();
    check();
    checkOutcome();
  }

  private void checkOutcome() {
    require(!isListed(), "the branch is decided and still listed");
    require(visible() == 0 || visible() == sendsMade, "only a part of the branch is visible");
    boolean committed = isAcknowledged() || visible() > 0;
    if (acksMade > 0 && committed) {
      require(isAcknowledged() && visible() == sendsMade, "only a part of the branch is committed");
    }
    require(!isHeld(), "the branch is decided and its input is held");
    if (prepared && wanted.isEmpty() && sendsMade + acksMade > 0) {
      require(
          committed == decided.filter(word -> word == Word.COMMIT).isPresent(),
          "the branch did not end as decided");
    }
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what + "; " + fingerprint());
    }
  }

  @Override
  public String fingerprint() {
    return log.fingerprint()
        + ' '
        + incarnation
        + ended
        + sendsMade
        + acksMade
        + partLost
        + prepareSent
        + prepared
        + decided
        + issued
        + confirmed
        + rolledBackByCode
        + tellingsLeft
        + carried
        + crashesLeft
        + lossesLeft
        + carriesLeft
        + administratorsLeft
        + wanted
        + forced
        + timeLeft
        + volatileTrace
        + seen[0]
        + seen[1];
  }
}
