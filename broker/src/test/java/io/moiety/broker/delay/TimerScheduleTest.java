package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord.DelayCancelled;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimerScheduleTest {
  private static final int RECORD_BYTES = 100;
  private static final TimerSizes FEW = new TimerSizes(100, 50, 3);

  private final SimulatedViewFiles files = new SimulatedViewFiles();
  private BlockFile blocks = SimulatedViewFiles.blocks();
  private QueueTable queues = new QueueTable(blocks);
  private TimerSchedule schedule = new TimerSchedule(queues, blocks, FEW);
  private int records;
  private long delivered;

  @BeforeEach
  void begin() throws IOException {
    begin(FEW);
  }

  private void begin(TimerSizes sizes) throws IOException {
    blocks = BlockFile.open(files);
    queues = new QueueTable(blocks);
    schedule = new TimerSchedule(queues, blocks, sizes);
  }

  private TimerEntry put(long dueMillis) {
    long position = (long) records * RECORD_BYTES;
    LoggedRecord record =
        record(
            SystemTopics.TIMER,
            records,
            Map.of(
                PropertyNames.TIMER_OUT_MS,
                Long.toString(dueMillis),
                PropertyNames.REAL_TOPIC,
                "orders"));
    records++;
    queues.applyMessage(record);
    schedule.applyMessage(record);
    return new TimerEntry(dueMillis, position, record.queueOffset(), "orders".hashCode());
  }

  private static LoggedRecord record(String topic, int number, Map<String, String> properties) {
    return new LoggedRecord(
        topic,
        0,
        number,
        (long) number * RECORD_BYTES,
        RECORD_BYTES,
        0,
        1,
        1,
        0,
        MessageProperties.of(properties),
        Command.noBody());
  }

  private void serveAll() {
    queues.serve((long) records * RECORD_BYTES, queue -> {});
  }

  private void delivered(Delayed delayed) {
    schedule.applyMessage(record("orders", 0, Map.of(PropertyNames.DUE_OF, delayed.marker())));
  }

  private void cancelled(TimerEntry entry) {
    DelayCancelled fact =
        new DelayCancelled(
            SystemTopics.TIMER, 0, entry.queueOffset(), entry.dueMillis(), entry.originPosition());
    schedule.applyFact(fact, record(SystemTopics.STATE, 0, Map.of()));
  }

  private static List<Long> positions(List<TimerEntry> entries) {
    return entries.stream().map(TimerEntry::originPosition).toList();
  }

  private Optional<Delayed> head() {
    schedule.goToHead(Integer.MAX_VALUE);
    return schedule.head();
  }

  private void threeOfWhichTheSecondComesFirst() {
    put(2_000);
    put(1_000);
    put(3_000);
    serveAll();
  }

  @Test
  void theFirstInTimeIsTheHead() {
    threeOfWhichTheSecondComesFirst();
    assertThat(head().orElseThrow().position()).isEqualTo(100);
    assertThat(positions(schedule.dueUntil(2_000, 9))).containsExactly(100L, 0L);
  }

  @Test
  void whatIsGoneIsNeitherDueNorPartOfTheState() throws IOException {
    threeOfWhichTheSecondComesFirst();
    forgetBefore(2 * RECORD_BYTES);
    assertThat(head().orElseThrow().position()).isEqualTo(200);
    assertThat(positions(schedule.dueUntil(9_000, 9))).containsExactly(200L);
    Object state = schedule.state();
    restart(FEW);
    forgetBefore(2 * RECORD_BYTES);
    assertThat(schedule.state()).isEqualTo(state);
  }

  private void forgetBefore(long position) {
    queues.forgetBefore(position);
    schedule.forgetBefore(position);
  }

  @Property(tries = 60)
  @Label("whatever is added, cancelled, delivered and restored: the head is the first that waits")
  void theHeadIsTheFirstThatWaits(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    int near = 10 + random.nextInt(200);
    TimerSizes sizes = new TimerSizes(near, 1 + random.nextInt(near), 2 + random.nextInt(3));
    begin(sizes);
    records = 0;
    TreeSet<TimerEntry> model = new TreeSet<>();
    long now = 0;
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(9)) {
        case 0, 1, 2, 3 -> {
          int span = random.nextBoolean() ? 20 : 1_000_000;
          for (int i = random.nextInt(60); i >= 0; i--) {
            model.add(put(now + random.nextInt(span)));
          }
        }
        case 4 -> {
          Optional<TimerEntry> any =
              Optional.ofNullable(model.ceiling(TimerEntry.earliest(random.nextInt(1_000_000))));
          any.ifPresent(this::cancelled);
          any.ifPresent(model::remove);
        }
        case 5 -> restart(sizes);
        default -> {
          serveAll();
          for (int i = random.nextInt(80); i >= 0 && !model.isEmpty(); i--) {
            TimerEntry first = model.first();
            Delayed head = head().orElseThrow();
            assertThat(head.queueOffset()).isEqualTo(first.queueOffset());
            delivered(head);
            model.remove(first);
            now = Math.max(now, first.dueMillis());
          }
        }
      }
    }
    serveAll();
    assertThat(schedule.size()).isEqualTo(model.size());
    assertThat(all()).isEqualTo(List.copyOf(model));
    assertThat(blocks.damage()).isEmpty();
  }

  /** Those that wait, in their order. */
  private List<TimerEntry> all() {
    List<TimerEntry> all = new ArrayList<>();
    TimerWalk walk = schedule.walkFrom(TimerEntry.earliest(Long.MIN_VALUE));
    for (Optional<TimerEntry> next = walk.next(); next.isPresent(); next = walk.next()) {
      next.filter(entry -> schedule.isWaiting(entry.queueOffset())).ifPresent(all::add);
    }
    return all;
  }

  /** From a snapshot of this moment, as after a kill. */
  private void restart(TimerSizes sizes) throws IOException {
    restore(captured(), sizes);
  }

  private List<ByteArrayOutputStream> captured() throws IOException {
    List<Section> sections = List.of(queues.capture(), schedule.capture());
    List<ByteArrayOutputStream> written = new ArrayList<>();
    for (Section section : sections) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      section.write(new DataOutputStream(bytes));
      written.add(bytes);
    }
    sections.forEach(Section::durable);
    return written;
  }

  private void restore(List<ByteArrayOutputStream> written, TimerSizes sizes) throws IOException {
    begin(sizes);
    queues.restore(input(written.get(0)));
    schedule.restore(input(written.get(1)));
  }

  private static DataInputStream input(ByteArrayOutputStream written) {
    return new DataInputStream(new ByteArrayInputStream(written.toByteArray()));
  }

  @Test
  void aMillionThatAreDueInAMonthAreOnTheHeapInPartsOfBlocksAndBitsOnly() throws IOException {
    begin(TimerSizes.standard());
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      put(1 + random.nextInt(Integer.MAX_VALUE));
    }
    serveAll();
    assertThat(schedule.onHeap())
        .satisfies(
            heap -> {
              assertThat(heap.entries()).isLessThanOrEqualTo(TimerSizes.standard().nearEntries());
              assertThat(heap.runs()).isLessThan(40);
              assertThat(heap.blocks()).isLessThan(1_000_000 / 70 + 1_000_000 / 250 + 100);
              assertThat(heap.setBytes()).isLessThan(150_000);
            });
    long before = 0;
    for (int i = 0; i < 50_000; i++) {
      Delayed head = head().orElseThrow();
      assertThat(head.dueMillis()).isGreaterThanOrEqualTo(before);
      before = head.dueMillis();
      delivered(head);
    }
  }

  @Test
  void aMillionThatAreDueAtTheSameMillisecondTakeNoMoreHeap() throws IOException {
    begin(TimerSizes.standard());
    for (int i = 0; i < 1_000_000; i++) {
      put(5_000);
    }
    serveAll();
    assertThat(schedule.onHeap().entries())
        .isLessThanOrEqualTo(TimerSizes.standard().nearEntries());
    for (int i = 0; i < 50_000; i++) {
      Delayed head = head().orElseThrow();
      assertThat(head.queueOffset()).isEqualTo(i);
      delivered(head);
    }
  }

  @Test
  void aMergedRunBeginsBehindWhatWasDeliveredWhileItWasWritten() throws IOException {
    TimerRuns runs = new TimerRuns(blocks, FEW, offset -> offset >= delivered);
    for (int run = 0; run < 3; run++) {
      List<TimerEntry> entries = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        entries.add(new TimerEntry(3 * i + run, 0, 3 * i + run, 0));
      }
      runs.add(entries);
    }
    for (int i = 0; i < 100; i++) {
      runs.keepPace();
    }
    delivered = 500;
    while (runs.first().orElseThrow().queueOffset() < 500) {
      runs.passFirst();
    }
    while (runs.count() > 1) {
      runs.keepPace();
    }
    int blocksLeft = (2_500 + TimerRun.BLOCK_ENTRIES) / TimerRun.BLOCK_ENTRIES + 1;
    assertThat(runs.blockCount()).isLessThanOrEqualTo(blocksLeft);
    assertThat(runs.first().orElseThrow().queueOffset()).isEqualTo(500);
  }

  @Test
  void whatAMergedRunLeavesBehindIsGivenBackAFewBlocksAtATime() throws IOException {
    TimerRunWriter writer = new TimerRunWriter(blocks, 7, 0);
    for (int i = 0; i < 10 * TimerRun.BLOCK_ENTRIES; i++) {
      writer.add(new TimerEntry(i, i, i, 0));
    }
    TimerRun run = writer.finish().orElseThrow();
    RunReleases releases = new RunReleases(blocks);
    releases.add(run, 1, 9);
    for (int released : new int[] {3, 6, 8, 8}) {
      releases.goOn(3);
      blocks.capture().durable();
      assertThat(blocks.freeCount()).isEqualTo(released);
    }
  }

  @Test
  void mergesGiveTheBlocksOfTheirRunsBack() throws IOException {
    begin(FEW);
    for (int i = 0; i < 20_000; i++) {
      put(i);
    }
    blocks.capture().durable();
    assertThat(schedule.onHeap().blocks())
        .isLessThan(20_000 / TimerRun.BLOCK_ENTRIES + 20_000 / LogOrder.BLOCK_ENTRIES + 100);
    assertThat(blocks.freeCount()).isGreaterThan(20_000 / TimerRun.BLOCK_ENTRIES / 2);
  }

  @Test
  void whatIsDeliveredGivesItsBlocksBack() throws IOException {
    begin(FEW);
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < 2_000; i++) {
        put(round * 10_000L + i);
      }
      serveAll();
      for (int i = 0; i < 2_000; i++) {
        delivered(head().orElseThrow());
      }
      restart(FEW);
    }
    assertThat(schedule.size()).isZero();
    assertThat(schedule.onHeap().runs()).isLessThan(10);
  }

  @Test
  void aDamagedBlockHidesItsMessagesUntilTheNextStartAndNoOthers() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      put(i);
    }
    serveAll();
    List<ByteArrayOutputStream> snapshot = captured();
    int harmful = 0;
    for (int block = 0; block < 40; block++) {
      files.flipBit("blocks", 2_048 * block + 5);
      restore(snapshot, FEW);
      int found = 0;
      for (Optional<Delayed> head = head(); head.isPresent(); head = head()) {
        delivered(head.get());
        found++;
      }
      assertThat(blocks.damage().isPresent()).isEqualTo(found < 1_000);
      assertThat(found).isGreaterThanOrEqualTo(1_000 - 102);
      assertThat(schedule.size()).isEqualTo(1_000 - found);
      harmful += found < 1_000 ? 1 : 0;
      files.flipBit("blocks", 2_048 * block + 5);
    }
    assertThat(harmful).isGreaterThan(15);
  }

  @Test
  void massesOfCancelledEntriesArePassedOverABoundedNumberAtATime() throws IOException {
    begin(FEW);
    List<TimerEntry> doomed = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      doomed.add(put(i));
    }
    TimerEntry kept = put(10_000);
    serveAll();
    doomed.forEach(this::cancelled);
    int calls = 0;
    while (schedule.goToHead(1_000) == 1_000) {
      calls++;
      assertThat(calls).isLessThan(20);
      assertThat(schedule.dueUntil(10_000, 9)).hasSizeLessThanOrEqualTo(1);
    }
    assertThat(calls).isGreaterThanOrEqualTo(8);
    assertThat(schedule.head().orElseThrow().queueOffset()).isEqualTo(kept.queueOffset());
  }

  @Test
  void aSpillIsASmallPartOfTheNearOnes() throws IOException {
    begin(TimerSizes.standard());
    int most = 0;
    for (int i = 0; i < 3 * TimerSizes.standard().nearEntries(); i++) {
      int before = schedule.onHeap().entries();
      put(i);
      most = Math.max(most, before - schedule.onHeap().entries());
    }
    assertThat(most).isBetween(1, 2_048);
  }

  @Test
  void whatWasCancelledIsForgottenWithItsRecordsWhileAnOldMessageWaits() {
    TimerEntry old = put(1_000_000_000);
    for (int i = 0; i < 200_000; i++) {
      cancelled(put(2_000_000_000));
    }
    TimerEntry last = put(2_000_000_000);
    cancelled(last);
    serveAll();
    assertThat(schedule.onHeap().setBytes()).isGreaterThan(25_000);
    carry(old);
    forgetBefore(last.originPosition());
    assertThat(schedule.onHeap().setBytes()).isLessThan(25_000);
    assertThat(schedule.isCancelled(last.queueOffset())).as("the log has it").isTrue();
    assertThat(schedule.isCancelled(100_000)).isFalse();
    assertThat(schedule.isWaiting(old.queueOffset())).isTrue();
    forgetBefore((long) records * RECORD_BYTES - 1);
    assertThat(head().orElseThrow().queueOffset()).isEqualTo(old.queueOffset());
  }

  /** Its record lies at the end of the log now. */
  private void carry(TimerEntry entry) {
    long position = (long) records * RECORD_BYTES;
    records++;
    LoggedRecord copy =
        new LoggedRecord(
            SystemTopics.TIMER,
            0,
            entry.queueOffset(),
            position,
            RECORD_BYTES,
            0,
            1,
            1,
            0,
            MessageProperties.of(
                Map.of(
                    PropertyNames.CARRIED,
                    new Carried(entry.originPosition(), 1).format(),
                    PropertyNames.TIMER_OUT_MS,
                    Long.toString(entry.dueMillis()))),
            Command.noBody());
    queues.applyMessage(copy);
    schedule.applyMessage(copy);
  }
}
