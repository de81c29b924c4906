package io.moiety.broker.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.log.ForceFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockFileTest {
  private static final int OWNER = 7;

  private final SimulatedViewFiles files = new SimulatedViewFiles();
  private final Queue<Runnable> viewTasks = new ArrayDeque<>();

  private BlockFile open() throws IOException {
    BlockFile blocks = BlockFile.open(files);
    blocks.begin(viewTasks::add, what -> {});
    return blocks;
  }

  private void runViewTasks() {
    for (Runnable task = viewTasks.poll(); task != null; task = viewTasks.poll()) {
      task.run();
    }
  }

  private static int append(BlockFile blocks, long value) {
    return blocks.append(OWNER, content(value));
  }

  private static ByteBuffer content(long value) {
    return ByteBuffer.allocate(BlockFile.CONTENT_BYTES).putLong(2_032, value);
  }

  private static long value(BlockFile blocks, int id) {
    return blocks.read(OWNER, id).getLong(2_032);
  }

  private static void snapshot(BlockFile blocks) throws IOException {
    BlockFile.Capture capture = blocks.capture();
    capture.force();
    capture.durable();
  }

  @Test
  void contentThatWaitsForTheViewThreadIsServedFromMemory() throws IOException {
    BlockFile blocks = open();
    int id = append(blocks, 5);
    assertThat(value(blocks, id)).isEqualTo(5);
    assertThat(files.writes()).isZero();
    assertThat(files.reads()).isZero();
  }

  @Test
  void oneTaskOfTheViewThreadWritesAllThatWaits() throws IOException {
    BlockFile blocks = open();
    for (int i = 0; i < 10; i++) {
      append(blocks, i);
    }
    assertThat(viewTasks).hasSize(1);
    runViewTasks();
    assertThat(files.writes()).isEqualTo(10);
  }

  @Test
  void beforeThereIsAViewThreadWhoAppendsWrites() throws IOException {
    append(BlockFile.open(files), 5);
    assertThat(files.writes()).isEqualTo(1);
  }

  @Test
  void aSequentialReaderReadsEachBlockOnce() throws IOException {
    BlockFile blocks = open();
    int first = append(blocks, 1);
    int second = append(blocks, 2);
    runViewTasks();
    BlockFile reopened = open();
    for (int id : new int[] {first, first, first, second, second, first, second}) {
      assertThat(value(reopened, id)).isEqualTo(id == first ? 1 : 2);
    }
    assertThat(files.reads()).isEqualTo(2);
  }

  @Test
  void contentShorterThanABlockIsFilledUpWithZeros() throws IOException {
    BlockFile blocks = open();
    int id = blocks.append(OWNER, ByteBuffer.wrap(new byte[] {9}));
    ByteBuffer read = blocks.read(OWNER, id);
    assertThat(read.remaining()).isEqualTo(BlockFile.CONTENT_BYTES);
    assertThat(read.get(0)).isEqualTo((byte) 9);
    assertThat(read.get(1)).isZero();
  }

  @Test
  void aReleasedBlockIsWrittenOverOnlyWhenALaterSnapshotIsDurable() throws IOException {
    BlockFile blocks = open();
    int released = append(blocks, 1);
    BlockFile.Capture before = blocks.capture();
    blocks.release(released);
    before.force();
    before.durable();
    assertThat(append(blocks, 2)).isNotEqualTo(released);

    BlockFile.Capture after = blocks.capture();
    after.force();
    assertThat(append(blocks, 3)).isNotEqualTo(released);
    after.durable();
    assertThat(append(blocks, 4)).isEqualTo(released);
    assertThat(value(blocks, released)).isEqualTo(4);
  }

  @Test
  void aSnapshotFreesWhatEarlierOnesThatNeverBecameDurableHeld() throws IOException {
    BlockFile blocks = open();
    int released = append(blocks, 1);
    blocks.release(released);
    blocks.capture();
    snapshot(blocks);
    assertThat(append(blocks, 2)).isEqualTo(released);
  }

  @Test
  void afterAStartEveryBlockIsFreeThatNoViewRetained() throws IOException {
    BlockFile first = open();
    append(first, 1);
    int kept = append(first, 2);
    append(first, 3);
    snapshot(first);
    BlockFile second = open();
    second.retain(kept);
    assertThat(second.freeCount()).isEqualTo(2);
    assertThat(value(second, kept)).isEqualTo(2);
    append(second, 4);
    append(second, 5);
    append(second, 6);
    assertThat(value(second, kept)).isEqualTo(2);
  }

  @Test
  void theFileGrowsOnlyWhenNoBlockIsFree() throws IOException {
    BlockFile blocks = open();
    append(blocks, 1);
    append(blocks, 2);
    snapshot(blocks);
    BlockFile reopened = open();
    append(reopened, 3);
    append(reopened, 4);
    snapshot(reopened);
    assertThat(files.open(BlockFile.FILE_NAME).sizeBytes()).isEqualTo(2 * 2048);
  }

  @Test
  void aRestoreThatFailedHalfWayIsBegunAnew() throws IOException {
    BlockFile first = open();
    int id = append(first, 1);
    snapshot(first);
    BlockFile blocks = open();
    blocks.retain(id);
    blocks.retainNothing();
    assertThat(blocks.freeCount()).isEqualTo(1);
    blocks.retain(id);
    assertThat(value(blocks, id)).isEqualTo(1);
  }

  @Test
  void aBlockThatIsNotThereOrIsNamedTwiceCannotBeRetained() throws IOException {
    BlockFile first = open();
    int id = append(first, 1);
    snapshot(first);
    BlockFile blocks = open();
    blocks.retain(id);
    assertThatThrownBy(() -> blocks.retain(id)).hasMessageContaining("block 0");
    assertThatThrownBy(() -> blocks.retain(9)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> blocks.retain(-1)).isInstanceOf(IOException.class);
  }

  @Test
  void whatACaptureForcedSurvivesAPowerCut() throws IOException {
    BlockFile blocks = open();
    int forced = append(blocks, 1);
    BlockFile.Capture capture = blocks.capture();
    capture.force();
    append(blocks, 2);
    runViewTasks();
    files.cutPower(new Random(1), 0);
    BlockFile reopened = open();
    assertThat(value(reopened, forced)).isEqualTo(1);
    assertThatThrownBy(() -> reopened.read(OWNER, 1))
        .isInstanceOf(BlockDamagedException.class)
        .hasMessageContaining("the file ends");
  }

  @Test
  void aSecondViewsCaptureOfTheSameSnapshotForcesNothingAgain() throws IOException {
    BlockFile blocks = open();
    append(blocks, 1);
    blocks.capture().force();
    blocks.capture().force();
    assertThat(files.forces()).isEqualTo(1);
  }

  @Test
  void aBitThatFlippedIsFoundAndTheMessageSaysWhatToDo() throws IOException {
    BlockFile blocks = open();
    append(blocks, 1);
    runViewTasks();
    for (int index : new int[] {0, 2_039, 2_040, 2_047}) {
      files.flipBit(BlockFile.FILE_NAME, index);
      BlockFile reopened = open();
      assertThatThrownBy(() -> reopened.read(OWNER, 0))
          .isInstanceOf(BlockDamagedException.class)
          .hasMessageContaining("block 0 of the file views/blocks")
          .hasMessageContaining("The next start of the broker rebuilds it");
      files.flipBit(BlockFile.FILE_NAME, index);
    }
    assertThat(value(open(), 0)).isEqualTo(1);
  }

  @Test
  void anotherOwnersBlockIsNotTaken() throws IOException {
    BlockFile blocks = open();
    int id = append(blocks, 1);
    assertThat(viewTasks).isNotEmpty();
    runViewTasks();
    assertThatThrownBy(() -> blocks.read(OWNER + 1, id))
        .isInstanceOf(BlockDamagedException.class)
        .hasMessageContaining("its owner is 00000007, not 00000008");
  }

  @Test
  void aFullDiskLosesNothingAndIsWrittenWhenThereIsRoom() throws IOException {
    BlockFile blocks = open();
    files.full(true);
    int id = append(blocks, 1);
    Runnable task = viewTasks.remove();
    assertThatThrownBy(task::run)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("No space left");
    assertThat(value(blocks, id)).isEqualTo(1);
    assertThat(blocks.isBehind()).isFalse();
    for (int i = 1; i < BlockFile.MAX_WAITING; i++) {
      append(blocks, 1);
    }
    assertThat(blocks.isBehind()).isTrue();
    files.full(false);
    task.run();
    assertThat(blocks.isBehind()).isFalse();
    assertThat(value(open(), id)).isEqualTo(1);
  }

  @Test
  void aReplayGoesOnWithAFullDiskUntilTooMuchWaits() throws IOException {
    BlockFile blocks = BlockFile.open(files);
    files.full(true);
    for (int i = 1; i < BlockFile.MAX_WAITING; i++) {
      append(blocks, i);
    }
    assertThatThrownBy(() -> append(blocks, 1)).hasMessageContaining("make room on the disk");
    files.full(false);
    blocks.begin(viewTasks::add, what -> {});
    runViewTasks();
    assertThat(blocks.isBehind()).isFalse();
  }

  @Test
  void afterAFailedForceNoneSucceeds() throws IOException {
    BlockFile blocks = open();
    append(blocks, 1);
    files.failForces(true);
    assertThatThrownBy(() -> blocks.capture().force()).hasMessageContaining("bad sector");
    files.failForces(false);
    assertThatThrownBy(() -> blocks.capture().force())
        .isInstanceOf(ForceFailedException.class)
        .hasMessageContaining("earlier force");
  }
}
