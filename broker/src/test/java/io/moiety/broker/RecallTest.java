package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delay.DelayedMessage;
import io.moiety.broker.delay.PendingDelays;
import io.moiety.broker.index.KeySearch;
import io.moiety.broker.intake.IncomingMessage;
import io.moiety.broker.intake.SendOutcome;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A recalled message is gone whatever becomes of the log, and the one beside it is not. */
class RecallTest {
  private static final int SEGMENT_BYTES = 64 * 1024;
  private static final LogConfig LOG =
      SimulatedLog.config(SEGMENT_BYTES, 3 * SEGMENT_BYTES / 4, SEGMENT_BYTES / 8);

  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final long dueMillis = wallMillis.get() + 3_600_000;
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private SimulatedViewFiles files = new SimulatedViewFiles();
  private CommitLog log;
  private WholeStore store;

  @BeforeEach
  void open() throws IOException {
    log = SimulatedLog.open(disk, LOG, wallMillis::get, new NobodyHears(), new Random(1));
    store = WholeStore.open(log, files, wallMillis, Long.MAX_VALUE);
    store.begin(SEGMENT_BYTES, 1);
  }

  private void startAgain() throws IOException {
    store.endTurn();
    log.close();
    open();
  }

  @Test
  void aRecallIsKnownAfterAStartFromASnapshot() throws IOException {
    sendBoth();
    recall("first");
    store.takeLastSnapshot();
    startAgain();
    assertThat(store.startedFrom).isPresent();
    assertThat(delivered()).containsExactly("second");
  }

  @Test
  void aRecallIsKnownWhenAllIsBuiltFromTheLog() throws IOException {
    sendBoth();
    recall("first");
    files = new SimulatedViewFiles();
    startAgain();
    assertThat(delivered()).containsExactly("second");
  }

  @Test
  void aRecalledMessageIsNotCarriedForward() throws IOException {
    sendBoth();
    recall("first");
    letTheFirstSegmentGo();
    files = new SimulatedViewFiles();
    startAgain();
    assertThat(delivered()).containsExactly("second");
  }

  @Test
  void aMessageThatWasCarriedForwardIsRecalledByItsHandle() throws IOException {
    sendBoth();
    letTheFirstSegmentGo();
    recall("first");
    files = new SimulatedViewFiles();
    startAgain();
    assertThat(delivered()).containsExactly("second");
  }

  @Test
  void aRecallOutlivesTheSegmentInWhichItStands() throws IOException {
    sendBoth();
    letTheFirstSegmentGo();
    recall("first");
    long recalledAt = log.appendedPosition();
    while (log.firstPosition() < recalledAt) {
      letTheFirstSegmentGo();
    }
    files = new SimulatedViewFiles();
    startAgain();
    assertThat(delivered()).containsExactly("second");
  }

  private void sendBoth() {
    for (String name : List.of("first", "second")) {
      send("timed", name, name, Map.of(PropertyNames.TIMER_DELIVER_MS, Long.toString(dueMillis)));
    }
  }

  private void recall(String key) {
    store.endTurn(); // Forces.
    store.endTurn(); // Serves.
    KeySearch search = new KeySearch(store.views.keys(), log::find, store.store::servedPosition);
    List<DelayedMessage> copies =
        search.findDelayed("timed", key, 9).stream()
            .map(DelayedMessage::of)
            .flatMap(Optional::stream)
            .toList();
    assertThat(copies).hasSize(1);
    assertThat(store.domain().delayedDelivery().pending().cancel(copies, stored -> {}))
        .isEqualTo(PendingDelays.Fate.WAITING);
    store.endTurn();
  }

  private List<String> delivered() {
    wallMillis.set(dueMillis);
    for (int turn = 0; turn < 3; turn++) {
      store.endTurn();
    }
    return store.messages("timed", 0).stream()
        .map(message -> UTF_8.decode(message.body()).toString())
        .toList();
  }

  private void letTheFirstSegmentGo() {
    long first = log.firstPosition();
    long end = log.appendedPosition() + 3L * SEGMENT_BYTES / 2;
    while (log.appendedPosition() < end) {
      send("filler", "any", "x".repeat(4 * 1024), Map.of());
    }
    for (int turn = 0; log.firstPosition() == first; turn++) {
      assertThat(turn).as("turns until the segment goes").isLessThan(20);
      wallMillis.addAndGet(1_000);
      store.endTurn();
      store.runViewThread();
    }
  }

  private void send(String topic, String key, String body, Map<String, String> properties) {
    List<SendOutcome> outcomes = new ArrayList<>();
    store
        .domain()
        .intake()
        .take(
            new IncomingMessage(
                topic,
                0,
                1,
                0,
                0,
                wallMillis.get(),
                WholeStore.HOST,
                0,
                MessageProperties.of(properties).with(PropertyNames.UNIQUE_KEY, key),
                ByteBuffer.wrap(body.getBytes(UTF_8)),
                1),
            wallMillis.get(),
            outcomes::add);
    store.store.forceAppended();
    assertThat(outcomes).allMatch(SendOutcome.Stored.class::isInstance);
  }

  private static final class NobodyHears implements LogEvents {
    @Override
    public void durableAdvanced(long durablePosition) {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
