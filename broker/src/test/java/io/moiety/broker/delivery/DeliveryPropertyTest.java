package io.moiety.broker.delivery;

import static io.moiety.broker.delivery.DeliveryFixture.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delivery.DeliveryFixture.Answer;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.protocol.BranchXid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Random lives of a queue with two sessions, POP and branches, against a model that only knows, for
 * each message, where it is. At each step: nobody has what another has, what is acknowledged never
 * comes again, what is free comes in order and with the right count; and the log alone gives the
 * same ledgers.
 */
final class DeliveryPropertyTest {
  private static final long INVISIBLE_MILLIS = 1_000;
  private static final List<Long> CONNECTIONS = List.of(1L, 2L);

  enum Kind {
    SEND,
    RECEIVE,
    RECEIVE_AHEAD,
    HAND_OVER,
    RELEASE,
    ACKNOWLEDGE,
    RECOVER,
    CLOSE,
    LOSE_CONNECTION,
    POP,
    POP_ACKNOWLEDGE,
    PASS,
    BRANCH,
    PREPARE,
    ABANDON,
    COMMIT,
    ROLL_BACK,
  }

  record Step(Kind kind, int number, long connection) {}

  @Provide
  Arbitrary<List<Step>> lives() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.integers().between(1, 5),
            Arbitraries.of(CONNECTIONS))
        .as(Step::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(80);
  }

  @Property(tries = 400)
  void messagesAreInOnePlaceAtATimeAndTheLogAloneTellsWhere(@ForAll("lives") List<Step> life) {
    Life run = new Life(new DeliveryFixture());
    life.forEach(run::take);
    run.finish();
  }

  @Property(tries = 200)
  void theSameHoldsWhenEveryMessageHasToBeReadFromTheDiskFirst(@ForAll("lives") List<Step> life) {
    Life run = new Life(DeliveryFixture.cold());
    life.forEach(run::take);
    run.finish();
  }

  /** Where a message is. */
  private enum Place {
    FREE,
    AHEAD,
    HANDED_OVER,
    POPPED,
    HELD,
    DONE,
  }

  private static final class Message {
    private Place place = Place.FREE;
    private int count;
    private long owner;

    void goBack(boolean counted) {
      place = Place.FREE;
      count += counted ? 1 : 0;
    }
  }

  /** A branch with what it took. */
  private record Taken(long incarnation, List<AckRange> ranges) {}

  private static final class Life {
    private final DeliveryFixture fixture;
    private final TreeMap<Long, Message> messages = new TreeMap<>();
    private final Map<Long, Long> sessions = new TreeMap<>();
    private final List<Taken> active = new ArrayList<>();
    private final List<Taken> prepared = new ArrayList<>();
    private long incarnations;
    private long popTimeMillis;

    Life(DeliveryFixture fixture) {
      this.fixture = fixture;
    }

    void take(Step step) {
      switch (step.kind()) {
        case SEND -> send(step.number());
        case RECEIVE -> receive(step, true);
        case RECEIVE_AHEAD -> receive(step, false);
        case HAND_OVER -> handOver(step);
        case RELEASE -> release(step);
        case ACKNOWLEDGE -> acknowledge(step);
        case RECOVER -> recover(step);
        case CLOSE -> close(step);
        case LOSE_CONNECTION -> loseConnection(step);
        case POP -> pop(step);
        case POP_ACKNOWLEDGE -> popAcknowledge();
        case PASS -> pass();
        case BRANCH -> branch(step);
        case PREPARE -> prepare();
        case ABANDON -> abandon();
        case COMMIT -> decide(Decision.COMMIT);
        case ROLL_BACK -> decide(Decision.ROLLBACK);
      }
      fixture.serve();
      check();
    }

    void finish() {
      CONNECTIONS.forEach(fixture.deliveries::connectionLost);
      while (!active.isEmpty()) {
        abandon();
      }
      while (!prepared.isEmpty()) {
        decide(Decision.ROLLBACK);
      }
      fixture.pass(INVISIBLE_MILLIS);
      for (Message message : messages.values()) {
        if (message.place == Place.AHEAD
            || message.place == Place.HANDED_OVER
            || message.place == Place.POPPED) {
          message.goBack(message.place != Place.AHEAD);
        }
      }
      sessions.clear();
      Step last = new Step(Kind.RECEIVE, 1_000, 1L);
      int most = messages.size();
      for (int i = 0; i <= most && !offsets(Place.FREE).isEmpty(); i++) {
        receive(last, true);
      }
      assertThat(messages.values()).noneMatch(message -> message.place == Place.FREE);
    }

    private void send(int number) {
      for (int i = 0; i < number; i++) {
        messages.put((long) messages.size(), new Message());
        fixture.append(QUEUE, "m");
      }
    }

    private void receive(Step step, boolean handOver) {
      var receiver = fixture.receiver(session(step), 1).from(step.connection()).max(step.number());
      Answer answer = (handOver ? receiver : receiver.ahead()).receive();
      took(answer, step.number(), handOver ? Place.HANDED_OVER : Place.AHEAD, session(step));
    }

    private void pop(Step step) {
      Answer answer = new Answer();
      fixture
          .deliveries
          .pops()
          .pop(
              new PopRequest(
                  step.connection(),
                  QUEUE,
                  QUEUE,
                  -1,
                  step.number(),
                  INVISIBLE_MILLIS,
                  0,
                  false,
                  io.moiety.broker.filter.MessageFilter.ALL,
                  false,
                  Optional.empty()),
              fixture.nowMillis,
              answer);
      took(answer, step.number(), Place.POPPED, fixture.nowMillis);
      popTimeMillis = fixture.nowMillis;
    }

    /** The lowest free messages must have come: all, or as far as they were read. */
    private void took(Answer answer, int max, Place place, long owner) {
      while (answer.isWaiting() && fixture.readOne()) {
        assertThat(offsets(Place.FREE)).isNotEmpty();
      }
      List<Long> free = limit(offsets(Place.FREE), max);
      if (free.isEmpty()) {
        assertThat(answer.isNothing()).isTrue();
        return;
      }
      boolean allWarm = fixture.readers.waiting() == 0;
      List<Long> expected = allWarm ? free : limit(free, answer.delivered().size());
      assertThat(answer.delivered()).extracting(Delivered::queueOffset).isEqualTo(expected);
      for (Delivered delivered : answer.delivered()) {
        Message message = messages.get(delivered.queueOffset());
        assertThat(delivered.deliveryCount()).isEqualTo(message.count + 1);
        message.place = place;
        message.owner = owner;
      }
    }

    private void handOver(Step step) {
      List<Long> some = limit(owned(step, Place.AHEAD), step.number());
      fixture
          .deliveries
          .sessions()
          .handedOver(step.connection(), session(step), 1, queueOffsets(some));
      some.forEach(offset -> messages.get(offset).place = Place.HANDED_OVER);
    }

    private void release(Step step) {
      List<Long> some = limit(owned(step, Place.AHEAD), step.number());
      fixture
          .deliveries
          .sessions()
          .release(step.connection(), session(step), 1, queueOffsets(some));
      some.forEach(offset -> messages.get(offset).goBack(false));
    }

    private void acknowledge(Step step) {
      List<Long> some = limit(owned(step, Place.HANDED_OVER), step.number());
      Acknowledgements acknowledgements = fixture.deliveries.acknowledgements();
      claim(step, some).ifPresent(claim -> acknowledgements.acknowledge(claim, outcome -> {}));
      some.forEach(offset -> messages.get(offset).place = Place.DONE);
    }

    private void branch(Step step) {
      List<Long> some = limit(owned(step, Place.HANDED_OVER), step.number());
      long incarnation = ++incarnations;
      claim(step, some)
          .ifPresent(
              claim -> {
                claim.ranges().forEach(range -> fixture.holds.hold(range, incarnation));
                fixture.deliveries.acknowledgements().taken(claim);
                active.add(new Taken(incarnation, claim.ranges()));
              });
      for (long offset : some) {
        messages.get(offset).place = Place.HELD;
      }
    }

    private java.util.Optional<Claim> claim(Step step, List<Long> offsets) {
      List<AckSpan> spans =
          offsets.stream().map(offset -> new AckSpan(1, 0, offset, offset)).toList();
      Outcome<Claim> outcome =
          fixture.deliveries.acknowledgements().claim(step.connection(), session(step), spans);
      return offsets.isEmpty()
          ? java.util.Optional.empty()
          : java.util.Optional.of(((Outcome.Done<Claim>) outcome).value());
    }

    private void prepare() {
      if (!active.isEmpty()) {
        Taken taken = active.remove(0);
        fixture.log.record(
            new SystemRecord.BranchPrepared(
                xid(taken), taken.incarnation(), 0, List.of(), taken.ranges()));
        prepared.add(taken);
      }
    }

    private void abandon() {
      if (!active.isEmpty()) {
        Taken taken = active.remove(0);
        taken.ranges().forEach(range -> fixture.holds.giveBack(range, taken.incarnation()));
        heldOf(taken).forEach(message -> message.goBack(true));
      }
    }

    private void decide(Decision decision) {
      if (!prepared.isEmpty()) {
        Taken taken = prepared.remove(0);
        fixture.log.record(
            new SystemRecord.BranchDecided(
                xid(taken), taken.incarnation(), decision, "", 0, List.of(), taken.ranges()));
        for (Message message : heldOf(taken)) {
          if (decision.commits()) {
            message.place = Place.DONE;
          } else {
            message.goBack(true);
          }
        }
      }
    }

    private List<Message> heldOf(Taken taken) {
      List<Message> held = new ArrayList<>();
      for (AckRange range : taken.ranges()) {
        held.addAll(messages.subMap(range.firstOffset(), true, range.lastOffset(), true).values());
      }
      return held;
    }

    private static BranchXid xid(Taken taken) {
      return BranchXid.parse("1-0" + taken.incarnation() % 10 + "-00");
    }

    private void recover(Step step) {
      fixture.deliveries.sessions().recover(step.connection(), session(step));
      giveBackOwned(step);
    }

    private void close(Step step) {
      fixture.deliveries.sessions().close(step.connection(), session(step));
      giveBackOwned(step);
      sessions.remove(step.connection());
    }

    private void loseConnection(Step step) {
      session(step);
      fixture.deliveries.connectionLost(step.connection());
      giveBackOwned(step);
      sessions.remove(step.connection());
    }

    private void giveBackOwned(Step step) {
      owned(step, Place.AHEAD).forEach(offset -> messages.get(offset).goBack(false));
      owned(step, Place.HANDED_OVER).forEach(offset -> messages.get(offset).goBack(true));
    }

    private void popAcknowledge() {
      List<Long> mine =
          offsets(Place.POPPED).stream()
              .filter(offset -> messages.get(offset).owner == popTimeMillis)
              .toList();
      List<PopHandle> handles =
          mine.stream()
              .map(offset -> new PopHandle(QUEUE, QUEUE, 0, offset, popTimeMillis))
              .toList();
      assertThat(fixture.deliveries.pops().acknowledge(handles, outcome -> {})).isEmpty();
      mine.forEach(offset -> messages.get(offset).place = Place.DONE);
    }

    private void pass() {
      fixture.pass(INVISIBLE_MILLIS / 2);
      for (Message message : messages.values()) {
        if (message.place == Place.POPPED
            && message.owner + INVISIBLE_MILLIS <= fixture.nowMillis) {
          message.goBack(true);
        }
      }
      sessions.keySet().forEach(id -> fixture.deliveries.sessions().renewed(id, fixture.nowMillis));
    }

    private long session(Step step) {
      return sessions.computeIfAbsent(step.connection(), fixture::openSession);
    }

    private List<Long> offsets(Place place) {
      return messages.entrySet().stream()
          .filter(entry -> entry.getValue().place == place)
          .map(Map.Entry::getKey)
          .sorted(Comparator.naturalOrder())
          .toList();
    }

    private List<Long> owned(Step step, Place place) {
      long session = session(step);
      return offsets(place).stream()
          .filter(offset -> messages.get(offset).owner == session)
          .toList();
    }

    private static List<Long> limit(List<Long> offsets, int max) {
      return offsets.subList(0, Math.min(max, offsets.size()));
    }

    private static List<QueueOffset> queueOffsets(List<Long> offsets) {
      return offsets.stream().map(offset -> new QueueOffset(0, offset)).toList();
    }

    private void check() {
      Ledger ledger = fixture.ledgers.ledger(new LedgerKey(QUEUE, QUEUE, 0));
      messages.forEach(
          (offset, message) -> {
            assertThat(ledger.isAcknowledged(offset)).isEqualTo(message.place == Place.DONE);
            assertThat(ledger.isHeld(offset)).isEqualTo(message.place == Place.HELD);
            if (message.place != Place.DONE) {
              assertThat(ledger.count(offset)).isEqualTo(message.count);
            }
          });
      assertThat(ledger.floor())
          .isEqualTo(
              messages.entrySet().stream()
                  .filter(entry -> entry.getValue().place != Place.DONE)
                  .map(Map.Entry::getKey)
                  .findFirst()
                  .orElse((long) messages.size()));
      checkReplay();
    }

    /** As a start finds it: active branches are gone, with what they held. */
    private void checkReplay() {
      Ledgers replayed = fixture.replayed();
      active.forEach(
          taken -> taken.ranges().forEach(range -> replayed.hold(range, taken.incarnation())));
      assertThat(replayed.state()).isEqualTo(fixture.ledgers.state());
    }
  }
}
