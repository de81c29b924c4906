package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.transaction.TestStore;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be seen before it is forced, under {@code SYNC_FLUSH}. */
class ServedPositionTest {
  @TempDir Path directory;
  private TestStore bench;
  private Store store;
  private final List<PutStatus> answers = new ArrayList<>();

  @BeforeEach
  void open() {
    bench = TestStore.open(directory);
    bench.flush();
    store = bench.store;
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static RecordDraft draft(String topic, MessageProperties properties) {
    return new RecordDraft(
        topic,
        0,
        0,
        0,
        0,
        0,
        TestStore.HOST,
        TestStore.HOST,
        0,
        0,
        ByteBuffer.wrap(new byte[10]),
        properties);
  }

  private static RecordDraft message() {
    return draft("orders", MessageProperties.empty());
  }

  private long putUnforced() {
    long end = store.putUnforced(message()).endPosition();
    store.whenSeen(end, answers::add);
    return end;
  }

  private void publish() {
    store.publish(bench.now());
  }

  @Test
  void whatNeedsNoForceIsSeenAtOnce() {
    long end = putUnforced();
    assertThat(store.hasUnpublished()).isTrue();
    publish();
    assertThat(store.servedPosition()).isEqualTo(end);
    assertThat(answers).containsExactly(PutStatus.PUT_OK);
  }

  @Test
  void whatNeedsNoForceWaitsForTheMessageBeforeIt() {
    long before = store.servedPosition();
    store.put(message());
    long end = putUnforced();
    publish();
    assertThat(store.servedPosition()).isEqualTo(before);
    assertThat(answers).isEmpty();
    bench.flush();
    assertThat(store.servedPosition()).isEqualTo(end);
    assertThat(answers).containsExactly(PutStatus.PUT_OK);
  }

  @Test
  void whatNeedsNoForceWaitsForTheFactBeforeIt() {
    store.record(new SystemRecord.TopicSet(TopicConfig.of("orders", 1)));
    putUnforced();
    publish();
    assertThat(answers).isEmpty();
    bench.flush();
    assertThat(answers).containsExactly(PutStatus.PUT_OK);
  }

  @Test
  void whatNeedsNoForceIsSeenThoughTheNextMessageIsNot() {
    long end = putUnforced();
    store.put(message());
    putUnforced();
    publish();
    assertThat(store.servedPosition()).isEqualTo(end);
    assertThat(answers).containsExactly(PutStatus.PUT_OK);
    bench.flush();
    assertThat(store.servedPosition()).isEqualTo(store.endPosition());
    assertThat(answers).containsExactly(PutStatus.PUT_OK, PutStatus.PUT_OK);
  }

  @Test
  void isNotAnsweredBeforeItIsSeen() {
    putUnforced();
    assertThat(answers).isEmpty();
    publish();
    assertThat(answers).containsExactly(PutStatus.PUT_OK);
  }

  @Test
  void isNotConfirmedWhenWhatIsBeforeItIsNotForcedInTime() {
    store.put(message());
    putUnforced();
    bench.wallMillis.addAndGet(60_000);
    publish();
    assertThat(answers).containsExactly(PutStatus.FLUSH_DISK_TIMEOUT);
  }

  @Test
  void whatWasSeenStaysSeen() {
    long end = putUnforced();
    publish();
    store.put(message());
    publish();
    assertThat(store.servedPosition()).isEqualTo(end);
  }

  @Test
  void neitherAcknowledgementsNorHalfMessagesOfBranchesKeepItBack() {
    store.record(new SystemRecord.Acknowledged(List.of(new AckRange("group", "orders", 0, 0, 0))));
    store.put(
        draft(
            SystemTopics.HALF,
            MessageProperties.empty()
                .with(PropertyNames.REAL_TOPIC, "orders")
                .with(PropertyNames.BRANCH_XID, "1-01-01")));
    putUnforced();
    publish();
    assertThat(answers).containsExactly(PutStatus.PUT_OK);
  }

  @Test
  void whoWaitsForTheDiskIsAnsweredInTheOrderOfTheLogThoughItsForceEndsInBetween() {
    List<String> told = new ArrayList<>();
    store.whenDurable(store.put(message()).endPosition(), outcome -> told.add("first"));
    long end = store.put(message()).endPosition();
    bench.force();
    store.whenDurable(end, outcome -> told.add("second"));
    assertThat(told).isEmpty();
    publish();
    assertThat(told).containsExactly("first", "second");
  }

  @Test
  void halfMessageThatItsProducerIsAskedAboutIsForcedBefore() {
    store.put(draft(SystemTopics.HALF, MessageProperties.empty()));
    putUnforced();
    publish();
    assertThat(answers).isEmpty();
  }
}
