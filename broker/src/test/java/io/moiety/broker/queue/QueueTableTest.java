package io.moiety.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.QueuePosition;
import io.moiety.broker.store.SystemRecord.QueuesPositioned;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueueTableTest {
  private static final int ENTRIES = TailBlock.ENTRIES;

  private final SimulatedViewFiles files = new SimulatedViewFiles();
  private final Records records = new Records();
  private final QueueTable table = opened();

  private QueueTable opened() {
    try {
      return new QueueTable(BlockFile.open(files));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void append(String topic, int queueId, long from, int count) {
    for (long offset = from; offset < from + count; offset++) {
      table.applyMessage(records.message(topic, queueId, offset));
    }
  }

  private ConsumeQueue queue() {
    return table.find("T", 0).orElseThrow();
  }

  private void applyFact(QueueTable target, SystemRecord fact) {
    target.applyFact(fact, records.message("facts", 0, 0));
  }

  private static byte[] bytes(Section section) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    section.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void aBlockHoldsAHundredAndTwoEntries() {
    assertThat(ENTRIES).isEqualTo(102);
    append("T", 0, 0, ENTRIES - 1);
    assertThat(files.writes()).isZero();
    append("T", 0, ENTRIES - 1, 1);
    assertThat(files.writes()).isEqualTo(1);
    assertThat(queue().find(0).orElseThrow().position()).isZero();
    assertThat(queue().find(101).orElseThrow().position()).isEqualTo(101L * Records.SIZE_BYTES);
  }

  @Test
  void servesWhatEndsAtOrBeforeThePosition() {
    append("T", 0, 0, 250);
    List<String> told = new ArrayList<>();
    table.serve(249L * Records.SIZE_BYTES + 1, queue -> told.add(queue.topic()));
    assertThat(queue().servedOffset()).isEqualTo(249);
    table.serve(249L * Records.SIZE_BYTES + 2, queue -> told.add("again"));
    table.serve(records.endPosition(), queue -> told.add(queue.topic()));
    assertThat(queue().servedOffset()).isEqualTo(250);
    table.serve(records.endPosition() + 1, queue -> told.add("nothing new"));
    assertThat(told).containsExactly("T", "T");
  }

  @Test
  void aRecordThatComesTwiceIsRefused() {
    append("T", 0, 0, 3);
    assertThatThrownBy(() -> table.applyMessage(records.message("T", 0, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("T@0: the record at 300 has queue offset 2, expected 3");
  }

  @Test
  void aRebuiltQueueBeginsWhereItsFirstRecordInTheLogIs() {
    append("T", 0, 1_000, 300);
    assertThat(queue().minOffset()).isEqualTo(1_000);
    assertThat(queue().find(999)).isEmpty();
    assertThat(queue().find(1_000).orElseThrow().position()).isZero();
    assertThat(queue().nextPresent(0)).isEqualTo(1_000);
    assertThatThrownBy(() -> queue().find(1_300))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("T@0 has offsets 1000 to 1299, not 1300");
  }

  @Test
  void aCarriedMessageIsFoundWhereItIsNow() {
    append("T", 0, 0, 300);
    for (long offset : new long[] {0, 150, 299}) {
      long position = records.endPosition();
      table.applyMessage(records.carried("T", 0, offset));
      assertThat(queue().find(offset).orElseThrow().position()).isEqualTo(position);
    }
    assertThat(queue().find(151).orElseThrow().position()).isEqualTo(15_100);
    assertThat(queue().nextOffset()).isEqualTo(300);
  }

  @Test
  void aCarriedMessageBelowWhatIsLeftOfItsQueueIsFoundAndTheRestIsGone() {
    append("T", 0, 1_000, 300);
    table.applyMessage(records.carried("T", 0, 5));
    table.applyMessage(records.carried("T", 0, 998));
    assertThat(queue().minOffset()).isEqualTo(5);
    assertThat(queue().find(5)).isPresent();
    assertThat(queue().find(6)).isEmpty();
    assertThat(queue().find(700)).isEmpty();
    assertThat(queue().nextPresent(6)).isEqualTo(998);
    assertThat(queue().nextPresent(999)).isEqualTo(1_000);
  }

  @Test
  void aRecordBehindACarriedOneWhoseSuccessorsAreGoneIsTaken() {
    table.applyMessage(records.carried("T", 0, 5));
    append("T", 0, 10, 2);
    assertThat(queue().find(7)).isEmpty();
    assertThat(queue().nextPresent(6)).isEqualTo(10);
    table.serve(records.endPosition(), queue -> {});
    assertThat(queue().servedOffset()).isEqualTo(12);
  }

  @Test
  void forgettingTheLogsBeginningRaisesTheMinimumAndFreesBlocks() throws IOException {
    BlockFile blocks = BlockFile.open(files);
    QueueTable own = new QueueTable(blocks);
    for (int offset = 0; offset < 500; offset++) {
      own.applyMessage(records.message("T", 0, offset));
    }
    own.forgetBefore(350L * Records.SIZE_BYTES);
    ConsumeQueue queue = own.find("T", 0).orElseThrow();
    assertThat(queue.minOffset()).isEqualTo(350);
    assertThat(queue.find(349)).isEmpty();
    assertThat(queue.find(350)).isPresent();
    own.capture().durable();
    int writesBefore = files.writes();
    long sizeBefore = files.open("blocks").sizeBytes();
    for (int offset = 500; offset < 800; offset++) {
      own.applyMessage(records.message("T", 0, offset));
    }
    assertThat(files.writes()).isGreaterThan(writesBefore);
    assertThat(files.open("blocks").sizeBytes()).isEqualTo(sizeBefore);
  }

  @Test
  void aQueueWhoseMessagesAreAllGoneGoesOnWhereItWas() {
    append("T", 0, 0, 250);
    table.forgetBefore(records.endPosition());
    assertThat(queue().minOffset()).isEqualTo(250);
    assertThat(table.nextOffset("T", 0)).isEqualTo(250);
    assertThat(queue().nextPresent(0)).isEqualTo(250);
    append("T", 0, 250, 1);
    assertThat(queue().minOffset()).isEqualTo(250);
    assertThat(queue().find(250)).isPresent();
  }

  @Test
  void minimumsOfManyQueuesAreRaisedAFewAtATime() {
    int queues = 1_000;
    for (int queueId = 0; queueId < queues; queueId++) {
      append("T", queueId, 0, 1);
    }
    long firstPosition = records.endPosition();
    for (int queueId = 0; queueId < queues; queueId++) {
      append("T", queueId, 1, 150);
    }
    int readsBefore = files.reads();
    table.forgetBefore(firstPosition);
    assertThat(table.nextDueMillis()).isZero();
    assertThat(files.reads() - readsBefore).isLessThan(100);
    while (table.nextDueMillis() == 0) {
      table.run(0);
    }
    assertThat(table.of("T")).hasSize(queues).allMatch(queue -> queue.minOffset() == 1);
  }

  @Test
  void theBaseSaysWhereEachQueueGoesOnInFactsOfBoundedSize() {
    int queues = 2 * QueueTable.POSITIONS_PER_FACT + 1;
    for (int queueId = 0; queueId < queues; queueId++) {
      append("T", queueId, 0, 1);
    }
    List<SystemRecord> facts = new ArrayList<>();
    table.sayFacts(facts::add);
    assertThat(facts).hasSize(3);
    QueueTable other = opened();
    facts.forEach(fact -> applyFact(other, fact));
    assertThat(IntStream.range(0, queues)).allMatch(queueId -> other.nextOffset("T", queueId) == 1);
    assertThat(other.of("T")).allMatch(queue -> queue.minOffset() == 1);
  }

  @Test
  void aPositionSaidInABaseNeverTakesAQueueBack() {
    append("T", 0, 0, 250);
    applyFact(table, new QueuesPositioned(List.of(new QueuePosition("T", 0, 200))));
    assertThat(queue().nextOffset()).isEqualTo(250);
    assertThat(queue().find(220)).isPresent();
    applyFact(table, new QueuesPositioned(List.of(new QueuePosition("T", 0, 400))));
    assertThat(queue().nextOffset()).isEqualTo(400);
    assertThat(queue().find(249)).isPresent();
    assertThat(queue().find(300)).isEmpty();
  }

  @Test
  void aDeletedTopicLeavesNothingAndItsBlocksAreFree() throws IOException {
    append("T", 0, 0, 500);
    ConsumeQueue before = queue();
    applyFact(table, new SystemRecord.TopicDeleted("T"));
    assertThat(table.of("T")).isEmpty();
    assertThat(before.nextPresent(0)).isEqualTo(500);
    assertThat(before.find(499)).isEmpty();
    table.capture().durable();
    long sizeBefore = files.open("blocks").sizeBytes();
    append("T", 0, 0, 4 * ENTRIES);
    assertThat(files.open("blocks").sizeBytes()).isEqualTo(sizeBefore);
    assertThat(queue().find(0)).isPresent();
    table.serve(records.endPosition(), queue -> assertThat(queue).isNotSameAs(before));
  }

  @Test
  void aSnapshotIsAsTheTableWasWhenItWasCaptured() throws IOException {
    append("T", 0, 0, 250);
    append("U", 3, 7, 20);
    Section captured = table.capture();
    append("T", 0, 250, 250);
    table.applyMessage(records.carried("T", 0, 240));
    table.applyMessage(records.carried("T", 0, 3));

    QueueTable restored = opened();
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes(captured))));
    ConsumeQueue queue = restored.find("T", 0).orElseThrow();
    assertThat(queue.nextOffset()).isEqualTo(250);
    assertThat(queue.servedOffset()).isEqualTo(250);
    for (long offset = 0; offset < 250; offset++) {
      assertThat(queue.find(offset).orElseThrow().position()).isEqualTo(offset * 100);
    }
    assertThat(restored.find("U", 3).orElseThrow().minOffset()).isEqualTo(7);
    assertThat(restored.nextOffset("U", 3)).isEqualTo(27);
  }

  @Test
  void aSectionWhoseBlocksAreNotThereIsRefused() throws IOException {
    append("T", 0, 0, 250);
    byte[] section = bytes(table.capture());
    files.delete("blocks");
    QueueTable other = opened();
    assertThatThrownBy(() -> other.restore(new DataInputStream(new ByteArrayInputStream(section))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("block 0");
  }
}
