package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.intake.IncomingMessage;
import io.moiety.broker.intake.SendOutcome;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.transaction.Branches;
import io.moiety.broker.transaction.Resolver;
import io.moiety.broker.transaction.XaAnswer;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.transaction.xa.XAResource;

/**
 * One transaction from its first step to its last, as its client goes through it and remembers what
 * it was told. The client outlives the broker.
 */
final class TransactionLife {
  static final long CONNECTION = 1;
  private static final String GROUP = "shop";
  private static final String INPUT = "in";
  private static final BranchXid XID = new BranchXid(1, new byte[] {42}, new byte[] {1});

  /** Longer than any delay, and any pause between check-backs. */
  private static final long ALL_DUE_MILLIS = 300_000;

  private final Kind kind;
  private final AtomicLong wallMillis;
  private final List<Consumer<WholeStore>> steps = new ArrayList<>();
  private Optional<Resolver.Target> half = Optional.empty();
  private long incarnation;
  private boolean stored;
  private boolean prepared;

  /** The answer that confirmed the end. */
  private boolean ended;

  /** The lives that are tried. */
  enum Kind {
    HALF_COMMITTED("half message, committed", true),
    HALF_ROLLED_BACK("half message, rolled back", false),
    HALF_PARKED("half message, parked", false),
    DELAYED_BY_LEVEL("half message with a level, committed", true),
    DELAYED_EXACTLY("half message with an exact delay, committed", true),
    TWO_PHASES("branch, two phases, committed", true),
    TWO_PHASES_ROLLED_BACK("branch, two phases, rolled back", false),
    ONE_PHASE("branch, one phase", true),
    BY_ITS_MESSAGE("branch, committed by its only message", true),
    ROLLED_BACK_ACTIVE("branch, rolled back before prepare", false);

    final String title;
    final boolean commits;

    Kind(String title, boolean commits) {
      this.title = title;
      this.commits = commits;
    }

    boolean isBranch() {
      return switch (this) {
        case TWO_PHASES, TWO_PHASES_ROLLED_BACK, ONE_PHASE, BY_ITS_MESSAGE, ROLLED_BACK_ACTIVE ->
            true;
        default -> false;
      };
    }

    /** Whether an acknowledgement is part of it. */
    boolean acknowledges() {
      return isBranch() && this != BY_ITS_MESSAGE;
    }
  }

  TransactionLife(Kind kind, AtomicLong wallMillis) {
    this.kind = kind;
    this.wallMillis = wallMillis;
    if (kind.isBranch()) {
      addBranchSteps();
    } else {
      addHalfSteps();
    }
  }

  /** What is there before the transaction begins: queues that keep their messages, and an input. */
  static void prepareStore(WholeStore store) {
    for (String queue : List.of("out0", "out1", INPUT)) {
      store.store.record(new SystemRecord.GroupSet(GroupConfig.ofQueue(queue)));
    }
    send(store, INPUT, 0, Map.of(), "input", stored -> {});
    store.endTurn();
    store.endTurn();
  }

  List<Consumer<WholeStore>> steps() {
    return steps;
  }

  private void addHalfSteps() {
    steps.add(this::sendHalf);
    steps.add(WholeStore::endTurn);
    steps.add(WholeStore::endTurn);
    switch (kind) {
      case HALF_PARKED -> {
        int checks = WholeStore.CONFIG.transactions().checkMax();
        for (int i = 0; i <= checks; i++) {
          steps.add(this::letTimePass);
        }
      }
      case HALF_ROLLED_BACK -> {
        steps.add(this::letTimePass);
        steps.add(this::resolve);
      }
      default -> steps.add(this::resolve);
    }
    steps.add(WholeStore::endTurn);
    if (kind == Kind.DELAYED_BY_LEVEL || kind == Kind.DELAYED_EXACTLY) {
      steps.add(this::letTimePass);
    }
    steps.add(WholeStore::endTurn);
  }

  private void addBranchSteps() {
    steps.add(this::start);
    if (kind == Kind.BY_ITS_MESSAGE) {
      steps.add(this::sendAndCommit);
      steps.add(WholeStore::endTurn);
      steps.add(WholeStore::endTurn);
      return;
    }
    for (int sequence = 1; sequence <= messages().size(); sequence++) {
      int number = sequence;
      steps.add(store -> sendInBranch(store, number));
    }
    steps.add(this::acknowledge);
    steps.add(WholeStore::endTurn);
    steps.add(
        store ->
            assertThat(store.domain().branches().end(XID, incarnation, XAResource.TMSUCCESS))
                .isEmpty());
    if (kind == Kind.TWO_PHASES || kind == Kind.TWO_PHASES_ROLLED_BACK) {
      steps.add(this::prepare);
      steps.add(WholeStore::endTurn);
      steps.add(WholeStore::endTurn);
    }
    steps.add(this::decide);
    steps.add(WholeStore::endTurn);
    steps.add(WholeStore::endTurn);
  }

  private void sendHalf(WholeStore store) {
    Map<String, String> plain =
        Map.of(
            PropertyNames.TRANSACTION_PREPARED,
            "true",
            PropertyNames.PRODUCER_GROUP,
            GROUP,
            PropertyNames.UNIQUE_KEY,
            "K1");
    MessageProperties properties =
        switch (kind) {
          case DELAYED_BY_LEVEL -> MessageProperties.of(plain).with(PropertyNames.DELAY, "2");
          case DELAYED_EXACTLY ->
              MessageProperties.of(plain).with(PropertyNames.TIMER_DELAY_MS, "2500");
          default -> MessageProperties.of(plain);
        };
    send(
        store,
        "out0",
        SysFlag.TRANSACTION_PREPARED,
        properties.asMap(),
        "m1",
        done -> {
          stored = true;
          half =
              Optional.of(
                  new Resolver.Target(done.positions().get(0), done.queueOffset(), GROUP, "K1"));
        });
  }

  private static void send(
      WholeStore store,
      String topic,
      int sysFlag,
      Map<String, String> properties,
      String body,
      Consumer<SendOutcome.Stored> stored) {
    store
        .domain()
        .intake()
        .take(
            message(store, topic, sysFlag, properties, body),
            store.clock.nowMillis(),
            whenStored(stored));
  }

  private static Consumer<SendOutcome> whenStored(Consumer<SendOutcome.Stored> stored) {
    return outcome -> {
      if (outcome instanceof SendOutcome.Stored done && done.status() == PutStatus.PUT_OK) {
        stored.accept(done);
      }
    };
  }

  private static IncomingMessage message(
      WholeStore store, String topic, int sysFlag, Map<String, String> properties, String body) {
    return new IncomingMessage(
        topic,
        0,
        1,
        0,
        sysFlag,
        store.clock.nowMillis(),
        WholeStore.HOST,
        0,
        MessageProperties.of(properties),
        ByteBuffer.wrap(body.getBytes(UTF_8)),
        CONNECTION);
  }

  private void letTimePass(WholeStore store) {
    wallMillis.addAndGet(ALL_DUE_MILLIS);
    store.endTurn();
  }

  private void resolve(WholeStore store) {
    half.ifPresent(
        target ->
            store
                .domain()
                .resolver()
                .resolve(
                    target,
                    kind.commits,
                    store.clock.nowMillis(),
                    answer ->
                        ended |= answer.equals(new Resolver.Answer.Resolved(PutStatus.PUT_OK))));
  }

  private void start(WholeStore store) {
    Branches.StartAnswer answer =
        store
            .domain()
            .branches()
            .start(XID, XAResource.TMNOFLAGS, 0, CONNECTION, store.clock.nowMillis());
    incarnation = ((Branches.StartAnswer.Started) answer).incarnation();
  }

  private void sendInBranch(WholeStore store, int sequence) {
    send(store, topicOf(sequence), 0, inBranch(sequence), "m" + sequence, done -> {});
  }

  private Map<String, String> inBranch(int sequence) {
    return Map.of(
        PropertyNames.BRANCH_XID,
        XID.toText(),
        PropertyNames.BRANCH_INCARNATION,
        Long.toString(incarnation),
        PropertyNames.BRANCH_SEQUENCE,
        Integer.toString(sequence));
  }

  private void sendAndCommit(WholeStore store) {
    store
        .domain()
        .intake()
        .takeAndCommit(
            message(store, topicOf(1), 0, inBranch(1), "m1"),
            store.clock.nowMillis(),
            whenStored(done -> ended = true));
  }

  private static String topicOf(int sequence) {
    return "out" + (sequence - 1) % 2;
  }

  private void acknowledge(WholeStore store) {
    List<AckRange> input = List.of(new AckRange(INPUT, INPUT, 0, 0, 0));
    assertThat(store.domain().branches().acknowledge(XID, incarnation, CONNECTION, input))
        .isEmpty();
  }

  private void prepare(WholeStore store) {
    store
        .domain()
        .branchDecisions()
        .prepare(
            XID,
            messages().size(),
            1,
            store.clock.nowMillis(),
            answer -> prepared |= answer instanceof XaAnswer.Ok);
  }

  private void decide(WholeStore store) {
    long nowMillis = store.clock.nowMillis();
    if (kind.commits) {
      if (kind == Kind.ONE_PHASE) {
        store
            .domain()
            .branchDecisions()
            .commitOnePhase(XID, messages().size(), 1, nowMillis, this::told);
      } else {
        store.domain().branchDecisions().commit(XID, nowMillis, this::told);
      }
    } else {
      store.domain().branchDecisions().rollback(XID, nowMillis, this::told);
    }
  }

  private void told(XaAnswer answer) {
    ended |= answer instanceof XaAnswer.Ok;
  }

  private List<String> messages() {
    return kind.acknowledges() ? List.of("m1", "m2", "m3") : List.of("m1");
  }

  /** Which of its messages consumers see, each as often as it is there. */
  List<String> visible(WholeStore store) {
    List<String> bodies = new ArrayList<>();
    for (String topic : List.of("out0", "out1")) {
      for (RecordView message : store.messages(topic, 0)) {
        bodies.add(UTF_8.decode(message.body()).toString());
      }
    }
    bodies.sort(String::compareTo);
    return bodies;
  }

  boolean isListed(WholeStore store) {
    return store.domain().branchQuestions().recover(Optional.empty(), 10).contains(XID);
  }

  boolean isInputAcknowledged(WholeStore store) {
    return store.views.ledgers().classicOffset(INPUT, INPUT, 0).orElse(0) == 1;
  }

  boolean isInputHeld(WholeStore store) {
    return store.views.ledgers().isHeldByBranch(INPUT);
  }

  /** Whether the outcome keeps everything that the client was told. */
  void assertKeeps(CrashOutcome outcome) {
    boolean kept =
        switch (outcome) {
          case NOTHING -> !stored;
          case OPEN, PREPARED -> !ended;
          case UNKNOWN -> !prepared && !(ended && kind.commits);
          case ROLLED_BACK, PARKED -> !kind.commits;
          case COMMITTED, DELAYED -> kind.commits;
        };
    assertThat(kept)
        .as("%s, told stored %s, prepared %s, ended %s", outcome, stored, prepared, ended)
        .isTrue();
  }

  /** What is there right after a start. */
  void assertIs(WholeStore store, CrashOutcome outcome) {
    List<String> all = outcome == CrashOutcome.COMMITTED ? messages() : List.of();
    assertThat(visible(store)).isEqualTo(all);
    assertThat(store.messages(SystemTopics.CHECK_MAX_TIME, 0))
        .hasSize(outcome == CrashOutcome.PARKED ? 1 : 0);
    assertThat(isListed(store)).isEqualTo(outcome == CrashOutcome.PREPARED);
    assertThat(store.views.halves().openCount()).isEqualTo(outcome == CrashOutcome.OPEN ? 1 : 0);
    if (kind.acknowledges()) {
      assertThat(isInputAcknowledged(store)).isEqualTo(outcome == CrashOutcome.COMMITTED);
      assertThat(isInputHeld(store)).isEqualTo(outcome == CrashOutcome.PREPARED);
    }
  }

  /** Everybody goes on, and the transaction ends as was decided. */
  void finish(WholeStore store, CrashOutcome outcome) {
    switch (outcome) {
      case OPEN -> {
        if (kind == Kind.HALF_PARKED) {
          stayAway(store);
          return;
        }
        answerCheck(store);
      }
      case PREPARED -> decide(store);
      default -> {}
    }
    store.endTurn();
    letTimePass(store);
    store.endTurn();
    boolean committed =
        switch (outcome) {
          case OPEN, PREPARED -> kind.commits;
          case COMMITTED, DELAYED -> true;
          case NOTHING, UNKNOWN, ROLLED_BACK, PARKED -> false;
        };
    assertThat(visible(store)).isEqualTo(committed ? messages() : List.of());
    assertThat(isListed(store)).isFalse();
    assertThat(store.views.halves().openCount()).isZero();
    if (kind.acknowledges()) {
      assertThat(isInputAcknowledged(store)).isEqualTo(committed);
      assertThat(isInputHeld(store)).isFalse();
    }
  }

  /** Nobody answers, however often the broker asks. */
  private void stayAway(WholeStore store) {
    for (int i = 0; i <= WholeStore.CONFIG.transactions().checkMax() + 1; i++) {
      letTimePass(store);
    }
    store.endTurn();
    assertIs(store, CrashOutcome.PARKED);
  }

  /** Whoever of the group is there is asked, and knows what the producer has decided. */
  private void answerCheck(WholeStore store) {
    store.asked.clear();
    letTimePass(store);
    assertThat(store.asked).isNotEmpty();
    Command check = store.asked.get(0);
    half =
        Optional.of(
            new Resolver.Target(
                check.fields().requiredLong("commitLogOffset"),
                check.fields().requiredLong("tranStateTableOffset"),
                GROUP,
                check.fields().requiredText("msgId")));
    resolve(store);
  }
}
