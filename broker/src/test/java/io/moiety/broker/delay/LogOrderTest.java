package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LogOrderTest {
  private static final int RECORD_BYTES = 100;
  private static final int RECORDS = 5 * LogOrder.BLOCK_ENTRIES + 7;

  private final SimulatedViewFiles files = new SimulatedViewFiles();

  private static LogOrder filled(BlockFile blocks) {
    LogOrder order = new LogOrder(blocks);
    for (int i = 0; i < RECORDS; i++) {
      order.add((long) i * RECORD_BYTES, i * 3L);
    }
    return order;
  }

  @Test
  void whatLiesBeforeAPositionIsFoundWithALittleOfWhatLiesBehind() throws IOException {
    LogOrder order = filled(BlockFile.open(files));
    for (int record = 0; record <= RECORDS; record++) {
      long end = order.endBefore((long) record * RECORD_BYTES);
      assertThat(end).isBetween((long) record, (long) record + LogOrder.BLOCK_ENTRIES);
    }
    for (int record = 0; record < RECORDS; record++) {
      assertThat(order.at(record)).isEqualTo(record * 3L);
    }
  }

  @Test
  void blocksWhoseRecordsAreGoneAreGivenBackAndNoNumberChanges() throws IOException {
    LogOrder order = filled(BlockFile.open(files));
    int record = 2 * LogOrder.BLOCK_ENTRIES;
    order.forgetBefore((long) record * RECORD_BYTES - 1);
    assertThat(order.blockCount()).isEqualTo(4);
    order.forgetBefore((long) record * RECORD_BYTES);
    assertThat(order.blockCount()).isEqualTo(3);
    assertThat(order.begin()).isEqualTo(record);
    assertThat(order.at(record)).isEqualTo(record * 3L);
  }

  @Test
  void aRestoredOrderIsTheSame() throws IOException {
    BlockFile blocks = BlockFile.open(files);
    LogOrder order = filled(blocks);
    order.forgetBefore((long) LogOrder.BLOCK_ENTRIES * RECORD_BYTES);
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    order.capture().write(new DataOutputStream(section));
    blocks.capture().force();

    LogOrder restored = new LogOrder(BlockFile.open(files));
    restored.restore(new DataInputStream(new ByteArrayInputStream(section.toByteArray())));
    assertThat(restored.begin()).isEqualTo(order.begin());
    assertThat(restored.endBefore(Long.MAX_VALUE)).isEqualTo(RECORDS);
    for (long record = restored.begin(); record < RECORDS; record++) {
      assertThat(restored.at(record)).isEqualTo(record * 3L);
    }
  }
}
