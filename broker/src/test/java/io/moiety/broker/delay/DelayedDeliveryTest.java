package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.LogLines;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.transaction.TestStore;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelayedDeliveryTest {
  private static final DelayRouting ROUTING =
      new DelayRouting(BrokerConfig.of(Map.of(), Profile.EMBEDDED).delayLevels());

  @TempDir Path directory;
  private TestStore store;

  @BeforeEach
  void open() {
    store = TestStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void send(String body, String property, long value) {
    RecordDraft draft =
        store
            .draft("orders", body)
            .withProperties(MessageProperties.empty().with(property, Long.toString(value)));
    store.store.put(ROUTING.route(draft, store.now()));
    store.flush();
  }

  private void passMillis(long millis) {
    store.wallMillis.addAndGet(millis);
    store.delayed.run(store.now());
    store.flush();
  }

  private void reopen() {
    store.close();
    long now = store.now();
    store = TestStore.open(directory);
    store.wallMillis.set(now);
  }

  @Test
  void aLevelMessageIsDeliveredAtItsTimeAndNotBefore() {
    send("a", PropertyNames.DELAY, 1);
    passMillis(999);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void anExactDelayIsDeliveredAtItsTimeAndNotBefore() {
    send("a", PropertyNames.TIMER_DELAY_MS, 1_500);
    send("b", PropertyNames.TIMER_DELIVER_MS, store.now() + 700);
    assertThat(store.delayed.nextDueMillis()).isEqualTo(store.now() + 700);
    passMillis(699);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("b");
    passMillis(799);
    assertThat(store.served("orders")).containsExactly("b");
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("b", "a");
  }

  @Test
  void anExactDelayOfAYearIsKeptToTheMillisecondOverRestarts() {
    long yearMillis = 366L * 24 * 60 * 60 * 1_000;
    send("a", PropertyNames.TIMER_DELAY_MS, yearMillis);
    for (int quarter = 0; quarter < 3; quarter++) {
      passMillis(yearMillis / 4);
      reopen();
    }
    passMillis(yearMillis / 4 - 1);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void anExactDelayHoldsWhateverTheClockSaysAtARestart() {
    send("a", PropertyNames.TIMER_DELAY_MS, 10_000);
    store.close();
    store = TestStore.open(directory);
    store.wallMillis.addAndGet(-3_600_000);
    passMillis(3_600_000 + 9_999);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void messagesOfOneQueueWithOneDelayKeepTheOrderOfTheirSends() {
    for (int i = 0; i < 5; i++) {
      send("level " + i, PropertyNames.DELAY, 1);
      send("timer " + i, PropertyNames.TIMER_DELAY_MS, 1_000);
    }
    passMillis(1_000);
    assertThat(store.served("orders"))
        .containsExactly(
            "level 0", "timer 0", "level 1", "timer 1", "level 2", "timer 2", "level 3", "timer 3",
            "level 4", "timer 4");
  }

  @Test
  void aTimeThatIsPastMeansAtOnce() {
    send("a", PropertyNames.TIMER_DELIVER_MS, store.now() - 1);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void aLevelAboveTheHighestIsTheHighest() {
    send("a", PropertyNames.DELAY, 99);
    passMillis(7_200_000 - 1);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void aRestartNeitherRepeatsNorForgets() {
    send("level", PropertyNames.DELAY, 1);
    send("timer", PropertyNames.TIMER_DELAY_MS, 500);
    passMillis(500);
    assertThat(store.served("orders")).containsExactly("timer");
    reopen();
    passMillis(0);
    assertThat(store.served("orders")).containsExactly("timer");
    passMillis(500);
    assertThat(store.served("orders")).containsExactly("timer", "level");
    reopen();
    passMillis(10_000);
    assertThat(store.served("orders")).containsExactly("timer", "level");
  }

  @Test
  void aClockThatWasAheadHoldsALevelMessageNoLongerThanItsLevel() {
    store.wallMillis.addAndGet(3_600_000);
    send("a", PropertyNames.DELAY, 1);
    store.close();
    store = TestStore.open(directory);
    passMillis(1_000);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void aDelayedRecordOfTheHalfTopicIsPutAside() {
    RecordDraft draft =
        store
            .draft(SystemTopics.HALF, "a")
            .withProperties(MessageProperties.empty().with(PropertyNames.DELAY, "1"));
    store.store.put(ROUTING.route(draft, store.now()));
    store.flush();
    passMillis(1_000);
    assertThat(store.served(SystemTopics.HALF)).isEmpty();
    assertThat(store.served(SystemTopics.CHECK_MAX_TIME)).containsExactly("a");
  }

  @Test
  void aDamagedMessageDoesNotHoldUpTheOthers() throws IOException {
    long level = store.store.endPosition();
    send("damaged level", PropertyNames.DELAY, 1);
    long timer = store.store.endPosition();
    send("damaged timer", PropertyNames.TIMER_DELAY_MS, 500);
    send("level", PropertyNames.DELAY, 1);
    send("timer", PropertyNames.TIMER_DELAY_MS, 500);
    TestStore.damage(directory, level);
    TestStore.damage(directory, timer);
    passMillis(1_000);
    assertThat(store.served("orders")).containsExactly("timer", "level");
  }

  @Test
  void messagesOfAnEarlierRunAreReadBeforeTheirTimeAndDeliveredAtIt() {
    send("level", PropertyNames.DELAY, 2);
    send("timer", PropertyNames.TIMER_DELAY_MS, 5_000);
    reopen();
    store.readers.hold();
    assertThat(store.delayed.nextDueMillis()).isEqualTo(store.now() + 4_000);
    passMillis(4_000);
    assertThat(store.readers.waiting()).isEqualTo(1);
    assertThat(store.delayed.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
    store.readers.readOne();
    assertThat(store.delayed.nextDueMillis()).isEqualTo(store.now() + 1_000);
    passMillis(999);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("level", "timer");
  }

  @Test
  void aMessageThatIsNotReadInTimeIsDeliveredAsSoonAsItIs() {
    send("a", PropertyNames.TIMER_DELAY_MS, 500);
    reopen();
    store.readers.hold();
    passMillis(500);
    assertThat(store.served("orders")).isEmpty();
    store.readers.readOne();
    passMillis(0);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void readersThatTakeNothingAreNoReasonToDeliverLateOrToAskAllTheTime() {
    send("a", PropertyNames.TIMER_DELAY_MS, 500);
    reopen();
    store.readers.full();
    passMillis(0);
    assertThat(store.delayed.nextDueMillis()).isEqualTo(store.now() + 500);
    passMillis(500);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void delaysThatCannotBeHadAreRefusedWithTheirReason() {
    MessageProperties none = MessageProperties.empty();
    assertThat(ROUTING.refusal(none.with(PropertyNames.DELAY, "soon"), 0)).isPresent();
    assertThat(ROUTING.refusal(none.with(PropertyNames.TIMER_DELAY_SEC, "" + Long.MAX_VALUE), 0))
        .isPresent();
    assertThat(
            ROUTING.refusal(
                none.with(PropertyNames.TIMER_DELAY_MS, "" + (DelayRouting.MAX_DELAY_MILLIS + 1)),
                0))
        .isPresent();
    assertThat(ROUTING.refusal(none.with(PropertyNames.TIMER_DELAY_MS, "1500"), 0)).isEmpty();
  }

  @Test
  void aDeliveredMessageTellsTheTimeThatItsSenderAskedFor() {
    long dueMillis = store.now() + 500;
    sendKeyed("a", "K1", dueMillis);
    store.flush();
    passMillis(500);
    Entry delivered = store.queues.find("orders", 0).orElseThrow().find(0).orElseThrow();
    assertThat(store.store.read(delivered.position(), delivered.sizeBytes()).properties().asMap())
        .containsEntry(PropertyNames.TIMER_DELIVER_MS, Long.toString(dueMillis))
        .containsEntry(PropertyNames.TIMER_OUT_MS, Long.toString(dueMillis));
  }

  @Test
  void secondsCountBeforeMillisecondsAndBothBeforeATime() {
    RecordDraft draft =
        store
            .draft("orders", "a")
            .withProperties(
                MessageProperties.empty()
                    .with(PropertyNames.TIMER_DELIVER_MS, Long.toString(store.now() + 9_000))
                    .with(PropertyNames.TIMER_DELAY_MS, "7000")
                    .with(PropertyNames.TIMER_DELAY_SEC, "5"));
    assertThat(DelayRouting.timerDueMillis(ROUTING.route(draft, store.now())))
        .hasValue(store.now() + 5_000);
  }

  private void sendKeyed(String body, String uniqueKey, long dueMillis) {
    RecordDraft draft =
        store
            .draft("orders", body)
            .withProperties(
                MessageProperties.empty()
                    .with(PropertyNames.UNIQUE_KEY, uniqueKey)
                    .with(PropertyNames.TIMER_DELIVER_MS, Long.toString(dueMillis)));
    store.store.put(ROUTING.route(draft, store.now()));
  }

  @Test
  void aDelayedMessageComesToTheQueueThatItsSenderChose() {
    for (String property : List.of(PropertyNames.TIMER_DELAY_MS, PropertyNames.DELAY)) {
      RecordDraft draft =
          store
              .draft("orders", property)
              .withDestination("orders", 3)
              .withProperties(MessageProperties.empty().with(property, "2"));
      store.store.put(ROUTING.route(draft, store.now()));
    }
    store.flush();
    passMillis(5_000);
    assertThat(store.queues.find("orders", 3).orElseThrow().servedOffset()).isEqualTo(2);
    assertThat(store.queues.of("orders")).hasSize(1);
  }

  @Test
  void nothingIsDroppedWhenTheStoreTakesNothingForAWhile() {
    send("level", PropertyNames.DELAY, 1);
    send("timer", PropertyNames.TIMER_DELAY_MS, 500);
    store.refusesMessages = true;
    passMillis(1_000);
    passMillis(1_000);
    assertThat(store.served("orders")).isEmpty();
    store.refusesMessages = false;
    assertThat(store.delayed.nextDueMillis()).isEqualTo(store.now() + 1_000);
    passMillis(1_000);
    assertThat(store.served("orders")).containsExactly("timer", "level");
  }

  @Test
  void aMessageThatTheLogTakesNoMoreDoesNotHoldUpTheOthersAndIsTriedAgain() {
    send("long level", PropertyNames.DELAY, 1);
    send("long timer", PropertyNames.TIMER_DELAY_MS, 500);
    send("timer", PropertyNames.TIMER_DELAY_MS, 1_500);
    store.refusesMessages = true;
    store.refusal = PutStatus.MESSAGE_ILLEGAL;
    passMillis(1_000);
    store.refusesMessages = false;
    passMillis(999);
    assertThat(store.served("orders")).containsExactly("timer");
    assertThat(store.delayed.nextDueMillis()).isEqualTo(store.now() + 1);
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("timer", "long timer", "long level");
    passMillis(100_000);
    assertThat(store.served("orders")).hasSize(3);
  }

  @Test
  void whatWasPassedOverIsInItsPlaceForTheNextStart() {
    send("long level", PropertyNames.DELAY, 1);
    send("long timer", PropertyNames.TIMER_DELAY_MS, 500);
    store.refusesMessages = true;
    store.refusal = PutStatus.MESSAGE_ILLEGAL;
    passMillis(1_000);
    reopen();
    passMillis(0);
    assertThat(store.served("orders")).containsExactly("long timer", "long level");
  }

  @Test
  void aRecordThatTheDiskDoesNotGiveHoldsUpNoOtherAndIsDeliveredWhenItDoes() {
    store.unreadable.add(store.store.endPosition());
    send("unreadable level", PropertyNames.DELAY, 1);
    store.unreadable.add(store.store.endPosition());
    send("unreadable timer", PropertyNames.TIMER_DELAY_MS, 500);
    send("level", PropertyNames.DELAY, 1);
    send("timer", PropertyNames.TIMER_DELAY_MS, 600);
    try (LogLines said = LogLines.of(DelayedDelivery.class)) {
      passMillis(1_000);
      assertThat(store.served("orders")).containsExactly("timer", "level");
      passMillis(1_000);
      passMillis(60_000);
      assertThat(said.of(Level.WARNING)).as("each once").hasSize(2);
    }
    store.unreadable.clear();
    passMillis(60_000);
    passMillis(60_000);
    assertThat(store.served("orders"))
        .containsExactlyInAnyOrder("timer", "level", "unreadable level", "unreadable timer");
    reopen();
    passMillis(60_000);
    assertThat(store.served("orders")).hasSize(4);
  }

  @Test
  void whatIsCancelledWhileItIsPassedOverIsNotDelivered() {
    long position = store.store.endPosition();
    send("unreadable", PropertyNames.TIMER_DELAY_MS, 500);
    store.unreadable.add(position);
    passMillis(500);
    store.unreadable.clear();
    DelayedMessage message =
        DelayedMessage.of(store.store.read(position, sizeAt(SystemTopics.TIMER, 0))).orElseThrow();
    assertThat(store.delayed.pending().cancel(List.of(message), stored -> {}))
        .isEqualTo(PendingDelays.Fate.WAITING);
    passMillis(100_000);
    assertThat(store.served("orders")).isEmpty();
    assertThat(store.delayed.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  private int sizeAt(String topic, long queueOffset) {
    return store.queues.find(topic, 0).orElseThrow().find(queueOffset).orElseThrow().sizeBytes();
  }

  @Test
  void aRunTriesABoundedNumberOfWhatCannotBeRead() {
    for (int i = 0; i < 40; i++) {
      store.unreadable.add(store.store.endPosition());
      send("unreadable " + i, PropertyNames.TIMER_DELAY_MS, 500);
    }
    send("timer", PropertyNames.TIMER_DELAY_MS, 500);
    passMillis(500);
    passMillis(0);
    assertThat(store.served("orders")).isEmpty();
    assertThat(store.delayed.nextDueMillis()).as("it goes on").isLessThanOrEqualTo(store.now());
    passMillis(0);
    assertThat(store.served("orders")).containsExactly("timer");
  }

  @Test
  void aMessageThatGoesDuringAPauseDoesNotMakeItLonger() {
    send("gone", PropertyNames.TIMER_DELAY_MS, 500);
    long behindIt = store.store.endPosition();
    send("timer", PropertyNames.TIMER_DELAY_MS, 600);
    store.refusesMessages = true;
    passMillis(1_000);
    store.refusesMessages = false;
    store.queues.forgetBefore(behindIt);
    assertThat(store.delayed.nextDueMillis()).isEqualTo(store.now() + 1_000);
    passMillis(1_000);
    assertThat(store.served("orders")).containsExactly("timer");
  }

  @Test
  void whatWasPassedOverWaitsWithTheOthersWhileTheLogTakesNothing() {
    store.unreadable.add(store.store.endPosition());
    send("unreadable", PropertyNames.TIMER_DELAY_MS, 500);
    send("timer", PropertyNames.TIMER_DELAY_MS, 1_500);
    passMillis(500);
    store.unreadable.clear();
    store.refusesMessages = true;
    passMillis(1_000);
    assertThat(store.delayed.nextDueMillis()).isEqualTo(store.now() + 1_000);
    store.refusesMessages = false;
    passMillis(1_000);
    assertThat(store.served("orders")).containsExactly("unreadable", "timer");
  }

  @Test
  void whileTheLogTakesNothingThatIsSaidOnce() {
    send("timer", PropertyNames.TIMER_DELAY_MS, 500);
    store.refusesMessages = true;
    try (LogLines said = LogLines.of(DelayedDelivery.class)) {
      for (int second = 0; second < 5; second++) {
        passMillis(1_000);
      }
      assertThat(said.of(Level.WARNING)).hasSize(1);
    }
  }

  @Test
  void aClockThatWasAheadHoldsALevelMessageNoLongerThanItsLevelAlsoWhenItIsCarriedForward() {
    store.wallMillis.addAndGet(3_600_000);
    send("a", PropertyNames.DELAY, 1);
    store.close();
    store = TestStore.open(directory);
    Entry waiting = store.queues.find(SystemTopics.SCHEDULE, 0).orElseThrow().find(0).orElseThrow();
    store.store.carry(store.store.read(waiting.position(), waiting.sizeBytes()));
    store.flush();
    passMillis(999);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void manyThatAreDueAtOnceComeInTheOrderOfTheirTimesAndThenOfTheirSends() {
    long due = store.now() + 10_000;
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      sendKeyed(Integer.toString(i), "K" + i, due + (i * 7919) % 10);
    }
    for (int millisecond = 0; millisecond < 10; millisecond++) {
      for (int i = 0; i < 20_000; i++) {
        if ((i * 7919) % 10 == millisecond) {
          expected.add(Integer.toString(i));
        }
      }
    }
    store.flush();
    store.wallMillis.addAndGet(10_010);
    while (store.delayed.nextDueMillis() <= store.now()) {
      store.delayed.run(store.now());
    }
    store.flush();
    assertThat(store.served("orders")).isEqualTo(expected);
  }
}
