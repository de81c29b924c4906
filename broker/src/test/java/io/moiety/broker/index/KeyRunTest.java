package io.moiety.broker.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyRunTest {
  private static final String UNFINISHED = "keys-unfinished-run";

  private final SimulatedViewFiles files = new SimulatedViewFiles();

  private KeyRun run(int pairs) throws IOException {
    try (RunWriter writer = RunWriter.open(files, UNFINISHED, 0, pairs)) {
      for (int i = 0; i < pairs; i++) {
        writer.add(i / 1_000, i);
      }
      writer.complete();
      return writer.publish(UNFINISHED);
    }
  }

  @Test
  void fileHasTheBytesOfItsFormat() throws IOException {
    try (RunWriter writer = RunWriter.open(files, UNFINISHED, 0x11, 0x33)) {
      writer.add(0x0102030405060708L, 0x21);
      writer.complete();
      writer.publish(UNFINISHED).release();
    }

    ByteBuffer bytes = ByteBuffer.allocate(4096 + 16 + 40);
    files.open("keys-00000000000000000017-00000000000000000051").read(0, bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    assertThat(bytes.getLong(0)).isEqualTo(0x0102030405060708L);
    assertThat(bytes.getLong(8)).isEqualTo(0x21);
    assertThat(bytes.getInt(4080)).isEqualTo(1);
    assertThat(bytes.getLong(4084)).isEqualTo(0x11);
    assertThat(bytes.getInt(4092)).isEqualTo(RunFormat.crc(bytes.slice(0, 4092)));
    assertThat(bytes.getLong(4096)).isEqualTo(0x0102030405060708L);
    assertThat(bytes.getLong(4104)).isEqualTo(0x21);
    assertThat(bytes.getInt(4112)).isEqualTo(0x4D4B4931);
    assertThat(bytes.getInt(4116)).isEqualTo(1);
    assertThat(bytes.getLong(4120)).isEqualTo(0x11);
    assertThat(bytes.getLong(4128)).isEqualTo(0x33);
    assertThat(bytes.getLong(4136)).isEqualTo(1);
    assertThat(bytes.getInt(4148)).isEqualTo(RunFormat.crc(bytes.slice(4096, 52)));
  }

  @Test
  void hashIsFoundWithTheReadsOfItsOwnBlocks() throws IOException {
    KeyRun run = run(100_000);
    int before = files.reads();
    List<Long> positions = new ArrayList<>();

    run.newestFirst(42, positions::add);

    assertThat(positions).hasSize(1_000).startsWith(42_999L, 42_998L).endsWith(42_000L);
    assertThat(files.reads() - before).isLessThanOrEqualTo(1_000 / 255 + 2);
  }

  @Test
  void searchEndsWhenTheVisitorHasEnough() throws IOException {
    List<Long> positions = new ArrayList<>();

    boolean more =
        run(5_000)
            .newestFirst(
                2,
                position -> {
                  positions.add(position);
                  return positions.size() < 300;
                });

    assertThat(more).isFalse();
    assertThat(positions).hasSize(300).startsWith(2_999L).endsWith(2_700L);
  }

  @Test
  void everyAlteredBitOfABlockIsSeen() throws IOException {
    KeyRun run = run(300);
    for (int at = 0; at < RunFormat.BLOCK_BYTES; at += 61) {
      files.flipBit(run.name(), at);
      assertThatThrownBy(() -> run.block(0)).hasMessageContaining("block 0");
      files.flipBit(run.name(), at);
    }
    assertThat(run.block(0).remaining()).isEqualTo(255 * 16);
  }

  @Test
  void everyAlteredBitOfTheEndIsSeenWhenItIsOpened() throws IOException {
    KeyRun run = run(300);
    for (int at = 2 * RunFormat.BLOCK_BYTES; at < RunFormat.fileBytes(2); at++) {
      files.flipBit(run.name(), at);
      assertThatThrownBy(() -> KeyRun.open(files, 0, 300)).hasMessageContaining(run.name());
      files.flipBit(run.name(), at);
    }
    assertThat(KeyRun.open(files, 0, 300).pairs()).isEqualTo(300);
  }

  @Test
  void fileIsClosedByTheLastWhoHasIt() throws IOException {
    KeyRun run = run(10);

    assertThat(run.acquire()).isTrue();
    run.release();
    assertThat(run.block(0).hasRemaining()).isTrue();
    run.release();
    assertThat(run.acquire()).isFalse();
    assertThatThrownBy(() -> run.block(0)).isInstanceOf(IOException.class);
  }
}
