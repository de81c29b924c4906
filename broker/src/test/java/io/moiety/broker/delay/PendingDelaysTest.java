package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.delay.PendingDelays.Fate;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.transaction.TestStore;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingDelaysTest {
  private static final DelayRouting ROUTING =
      new DelayRouting(BrokerConfig.of(Map.of(), Profile.EMBEDDED).delayLevels());

  @TempDir Path directory;
  private TestStore store;
  private PendingDelays pending;
  private final List<PutStatus> told = new ArrayList<>();

  @BeforeEach
  void open() {
    store = TestStore.open(directory);
    pending = store.delayed.pending();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private DelayedMessage send(String topic, String body, String property, long value) {
    RecordDraft draft =
        store
            .draft(topic, body)
            .withProperties(
                MessageProperties.empty()
                    .with(PropertyNames.UNIQUE_KEY, "K" + body)
                    .with(property, Long.toString(value)));
    RecordDraft routed = ROUTING.route(draft, store.now());
    long queueOffset = store.store.put(routed).queueOffset();
    store.flush();
    return message(routed.topic(), routed.queueId(), queueOffset);
  }

  private DelayedMessage message(String topic, int queueId, long queueOffset) {
    ConsumeQueue queue = store.queues.find(topic, queueId).orElseThrow();
    Entry entry = queue.find(queueOffset).orElseThrow();
    return DelayedMessage.of(store.store.read(entry.position(), entry.sizeBytes())).orElseThrow();
  }

  private void passMillis(long millis) {
    store.wallMillis.addAndGet(millis);
    store.delayed.run(store.now());
    store.flush();
  }

  private void reopen() {
    store.close();
    long now = store.now();
    open();
    store.wallMillis.set(now);
  }

  private Fate cancel(DelayedMessage message) {
    Fate before = pending.cancel(List.of(message), told::add);
    store.flush();
    return before;
  }

  private Fate deliverNow(DelayedMessage message) {
    Fate before = pending.deliverNow(message, "ann", told::add);
    store.flush();
    return before;
  }

  @Test
  void aRecordTellsWhichMessageItIsAndWhatAPersonWantsToKnow() {
    DelayedMessage timer = send("orders", "a", PropertyNames.TIMER_DELAY_MS, 700);
    assertThat(timer.dueMillis()).isEqualTo(store.now() + 700);
    assertThat(timer.level()).isEqualTo(OptionalInt.empty());
    assertThat(timer.realTopic()).isEqualTo("orders");
    assertThat(timer.uniqueKey()).isEqualTo("Ka");
    assertThat(timer.bodyBytes()).isEqualTo(1);
    DelayedMessage level = send("orders", "b", PropertyNames.DELAY, 3);
    assertThat(level.level()).hasValue(3);
    assertThat(level.dueMillis()).isEqualTo(store.now() + 10_000);
    Entry plain = plainMessage();
    assertThat(DelayedMessage.of(store.store.read(plain.position(), plain.sizeBytes()))).isEmpty();
  }

  private Entry plainMessage() {
    store.store.put(store.draft("orders", "plain"));
    store.flush();
    return store.queues.find("orders", 0).orElseThrow().find(0).orElseThrow();
  }

  @Test
  void aCancelledMessageIsNeverDeliveredAlsoAfterARestart() {
    List<DelayedMessage> doomed =
        List.of(
            send("orders", "timer", PropertyNames.TIMER_DELAY_MS, 500),
            send("orders", "level", PropertyNames.DELAY, 1));
    send("orders", "other timer", PropertyNames.TIMER_DELAY_MS, 500);
    send("orders", "other level", PropertyNames.DELAY, 1);
    for (DelayedMessage message : doomed) {
      assertThat(pending.fate(message)).isEqualTo(Fate.WAITING);
      assertThat(cancel(message)).isEqualTo(Fate.WAITING);
      assertThat(pending.fate(message)).isEqualTo(Fate.CANCELLED);
      assertThat(cancel(message)).isEqualTo(Fate.CANCELLED);
    }
    assertThat(told).containsExactly(PutStatus.PUT_OK, PutStatus.PUT_OK);
    reopen();
    assertThat(doomed).allMatch(message -> pending.fate(message) == Fate.CANCELLED);
    passMillis(10_000);
    assertThat(store.served("orders")).containsExactly("other timer", "other level");
  }

  @Test
  void whoCancelledOrDeliveredIsInTheRecordThatSaysSo() {
    DelayedMessage first = send("orders", "first", PropertyNames.TIMER_DELAY_MS, 500);
    DelayedMessage second = send("orders", "second", PropertyNames.DELAY, 1);
    DelayedMessage third = send("orders", "third", PropertyNames.DELAY, 1);
    assertThat(decidedBy(() -> pending.cancel(List.of(first), "ann", told::add))).contains("ann");
    assertThat(decidedBy(() -> pending.deliverNow(second, "bob", told::add))).contains("bob");
    assertThat(decidedBy(() -> pending.cancel(List.of(third), told::add))).isEmpty();
  }

  /** Who has decided, as the record tells that the step appends. */
  private Optional<String> decidedBy(Runnable step) {
    long position = store.store.endPosition();
    step.run();
    int sizeBytes = (int) (store.store.endPosition() - position);
    return store.store.read(position, sizeBytes).property(PropertyNames.DECIDED_BY);
  }

  @Test
  void whatWasDeliveredCannotBeCancelledAndTheAnswerSaysSo() {
    DelayedMessage timer = send("orders", "timer", PropertyNames.TIMER_DELAY_MS, 500);
    DelayedMessage level = send("orders", "level", PropertyNames.DELAY, 1);
    passMillis(1_000);
    assertThat(cancel(timer)).isEqualTo(Fate.DELIVERED);
    assertThat(deliverNow(level)).isEqualTo(Fate.DELIVERED);
    reopen();
    assertThat(cancel(level)).isEqualTo(Fate.DELIVERED);
    assertThat(deliverNow(timer)).isEqualTo(Fate.DELIVERED);
    assertThat(told).isEmpty();
    passMillis(10_000);
    assertThat(store.served("orders")).containsExactly("timer", "level");
  }

  @Test
  void whatIsDeliveredNowIsNotDeliveredAtItsTimeAlsoAfterARestart() {
    send("orders", "first", PropertyNames.DELAY, 1);
    DelayedMessage level = send("orders", "level", PropertyNames.DELAY, 1);
    send("orders", "last", PropertyNames.DELAY, 1);
    DelayedMessage timer = send("orders", "timer", PropertyNames.TIMER_DELAY_MS, 1_000);
    assertThat(deliverNow(level)).isEqualTo(Fate.WAITING);
    assertThat(deliverNow(timer)).isEqualTo(Fate.WAITING);
    assertThat(store.served("orders")).containsExactly("level", "timer");
    assertThat(pending.fate(level)).isEqualTo(Fate.DELIVERED);
    assertThat(cancel(timer)).isEqualTo(Fate.DELIVERED);
    reopen();
    passMillis(10_000);
    assertThat(store.served("orders")).containsExactly("level", "timer", "first", "last");
    reopen();
    passMillis(10_000);
    assertThat(store.served("orders")).hasSize(4);
  }

  @Test
  void allCopiesOfARepeatedSendAreCancelled() {
    List<DelayedMessage> copies = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      copies.add(send("orders", "a", PropertyNames.TIMER_DELAY_MS, 500 + i));
    }
    assertThat(pending.cancel(copies, told::add)).isEqualTo(Fate.WAITING);
    store.flush();
    assertThat(told).containsExactly(PutStatus.PUT_OK);
    passMillis(10_000);
    assertThat(store.served("orders")).isEmpty();
  }

  @Test
  void whenOneCopyWasDeliveredTheOthersAreCancelledAndTheAnswerIsThatItWasDelivered() {
    List<DelayedMessage> copies =
        List.of(
            send("orders", "a", PropertyNames.TIMER_DELAY_MS, 500),
            send("orders", "a", PropertyNames.TIMER_DELAY_MS, 900));
    passMillis(500);
    assertThat(pending.cancel(copies, told::add)).isEqualTo(Fate.DELIVERED);
    store.flush();
    passMillis(10_000);
    assertThat(store.served("orders")).containsExactly("a");
    assertThat(told).isEmpty();
  }

  @Test
  void whatWasSentOnUnderItsOldKeyIsNoCopyOfTheFirstSend() {
    DelayedMessage first = send("orders", "a", PropertyNames.TIMER_DELAY_MS, 500);
    store.wallMillis.addAndGet(100);
    DelayedMessage repeated = send("orders", "a", PropertyNames.TIMER_DELAY_MS, 600);
    passMillis(700);
    DelayedMessage sentOn = send("orders", "a", PropertyNames.TIMER_DELAY_MS, 500);
    List<DelayedMessage> all = List.of(first, repeated, sentOn);
    assertThat(DelayedMessage.ofOneSend(first, all, Map.of())).containsExactly(first, repeated);
    assertThat(DelayedMessage.ofOneSend(sentOn, all, Map.of())).containsExactly(sentOn);
  }

  @Test
  void whatWasSentOnWhenTheFirstWasDeliveredEarlyIsNoCopyOfIt() {
    DelayedMessage first = send("orders", "a", PropertyNames.TIMER_DELAY_MS, 60_000);
    DelayedMessage repeated = send("orders", "a", PropertyNames.TIMER_DELAY_MS, 60_001);
    deliverNow(first);
    Entry copy = store.queues.find("orders", 0).orElseThrow().find(0).orElseThrow();
    assertThat(DelayedMessage.deliveredFrom(store.store.read(copy.position(), copy.sizeBytes())))
        .hasValue(first.originPosition());
    DelayedMessage sentOn = send("orders", "a", PropertyNames.TIMER_DELAY_MS, 60_000);
    List<DelayedMessage> all = List.of(sentOn, first);
    Map<Long, Long> copies = Map.of(first.originPosition(), copy.position());
    assertThat(DelayedMessage.ofOneSend(sentOn, all, copies)).containsExactly(sentOn);
    assertThat(DelayedMessage.ofOneSend(repeated, List.of(repeated, first), copies))
        .containsExactly(repeated, first);
  }

  @Test
  void whatCannotBeStoredNowIsNotDeliveredAndWaitsOn() {
    DelayedMessage message = send("orders", "a", PropertyNames.TIMER_DELAY_MS, 500);
    store.refusesMessages = true;
    assertThatThrownBy(() -> deliverNow(message)).isInstanceOf(AppendRefusedException.class);
    assertThat(pending.fate(message)).isEqualTo(Fate.WAITING);
    store.refusesMessages = false;
    assertThat(deliverNow(message)).isEqualTo(Fate.WAITING);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void pagesHaveAllThatWaitOnceLevelByLevelAndThenByTheirTimes() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      send("orders", "late" + i, PropertyNames.DELAY, 3);
      send("orders", "early" + i, PropertyNames.DELAY, 1);
      send("orders", "timer" + (6 - i), PropertyNames.TIMER_DELAY_MS, 60_000 - i);
    }
    for (String kind : List.of("early", "late", "timer")) {
      for (int i = 0; i < 7; i++) {
        expected.add(kind + i);
      }
    }
    cancel(message(SystemTopics.SCHEDULE, 0, 2));
    cancel(message(SystemTopics.TIMER, 0, 4));
    expected.removeAll(List.of("early2", "timer2"));
    for (int limit : List.of(1, 3, 7, 100)) {
      assertThat(pages(Optional.empty(), limit)).isEqualTo(expected);
    }
  }

  @Test
  void aPageLooksAtABoundedNumberOfThoseOfALevelThatDoNotWait() {
    send("orders", "first", PropertyNames.DELAY, 3);
    for (int i = 1; i <= 5_000; i++) {
      RecordDraft draft =
          store
              .draft("orders", "cancelled")
              .withProperties(MessageProperties.empty().with(PropertyNames.DELAY, "3"));
      store.store.put(ROUTING.route(draft, store.now()));
    }
    send("orders", "last", PropertyNames.DELAY, 3);
    for (int i = 1; i <= 5_000; i++) {
      pending.cancel(List.of(message(SystemTopics.SCHEDULE, 2, i)), told::add);
    }
    PendingDelays.Page first = pending.page(Optional.empty(), "", 9);
    assertThat(first.records()).hasSize(1);
    assertThat(first.next().orElseThrow()).startsWith("L:2:");
    assertThat(pages(Optional.empty(), 9)).containsExactly("first", "last");
  }

  @Test
  void aPageOfATopicLeavesOutTheExactTimesOfOthers() {
    for (int i = 0; i < 20; i++) {
      send(i % 5 == 0 ? "orders" : "others", "m" + i, PropertyNames.TIMER_DELAY_MS, 1_000 + i);
    }
    assertThat(pages(Optional.of("orders"), 2)).containsExactly("m0", "m5", "m10", "m15");
  }

  @Test
  void aPlaceThatIsNoneIsRefused() {
    for (String place : List.of("x", "T:1", "L:1:2:3", "T::", "L:99999999999:0")) {
      assertThatThrownBy(() -> pending.page(Optional.empty(), place, 9))
          .as(place)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** The bodies, page by page. */
  private List<String> pages(Optional<String> topic, int limit) {
    List<String> bodies = new ArrayList<>();
    Optional<String> next = Optional.of("");
    for (int pages = 0; next.isPresent(); pages++) {
      assertThat(pages).isLessThan(100);
      PendingDelays.Page page = pending.page(topic, next.get(), limit);
      assertThat(page.records()).hasSizeLessThanOrEqualTo(limit);
      for (RecordSpan span : page.records()) {
        RecordView record = store.store.read(span.position(), span.sizeBytes());
        assertThat(DelayedMessage.of(record)).isPresent();
        bodies.add(record.property(PropertyNames.UNIQUE_KEY).orElse("?").substring(1));
      }
      next = page.next();
    }
    return bodies;
  }
}
