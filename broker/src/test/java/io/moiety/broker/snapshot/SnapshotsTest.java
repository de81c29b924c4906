package io.moiety.broker.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.store.Base;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
  private final SimulatedViewFiles files = new SimulatedViewFiles();
  private final Snapshots snapshots = new Snapshots(files);

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static Base base(long position) {
    return new Base("id-" + position, position, position + 500);
  }

  private static List<StoredView> views(int bytesOfFirst) {
    return List.of(
        new NamedView("first", bytes(bytesOfFirst)), new NamedView("second", bytes(100)));
  }

  private void write(long position, int bytesOfFirst) throws IOException {
    snapshots.write(Captured.of(base(position), views(bytesOfFirst)));
  }

  private Snapshots.Restored<List<StoredView>> restore(Predicate<Base> isInLog) throws IOException {
    return snapshots.restoreNewest(() -> views(0), views -> views, isInLog);
  }

  private static byte[] first(Snapshots.Restored<List<StoredView>> restored) {
    return ((NamedView) restored.views().get(0)).bytes;
  }

  private byte[] content(String name) throws IOException {
    try (ViewFile file = files.open(name)) {
      ByteBuffer all = ByteBuffer.allocate((int) file.sizeBytes());
      file.read(0, all);
      return all.array();
    }
  }

  private void put(String name, byte[] content) throws IOException {
    try (ViewFile file = files.open(name)) {
      file.write(0, ByteBuffer.wrap(content));
      file.force();
    }
  }

  @Test
  void aSnapshotIsReadBackAsItWasWritten() throws IOException {
    for (int size : new int[] {0, 1, 65_536, 65_537, 300_000}) {
      write(1_000, size);
      Snapshots.Restored<List<StoredView>> restored = restore(base -> true);
      assertThat(first(restored)).isEqualTo(bytes(size));
      assertThat(restored.base()).contains(base(1_000));
      assertThat(restored.sizeBytes()).isGreaterThan(size);
    }
  }

  @Test
  void theBytesOfASnapshotDoNotChange() throws IOException {
    List<StoredView> views = List.of(new NamedView("v", new byte[] {7, 8}));
    snapshots.write(Captured.of(new Base("id", 3, 9), views));
    assertThat(content("snapshot-00000000000000000003"))
        .startsWith('M', 'O', 'I', 'E', 'T', 'Y', 'S', 'N', 0, 0, 0, 1, 0, 2, 'i', 'd')
        .containsSequence(0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1)
        .containsSequence(0, 1, 'v', 0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 2, 7, 8, 0, 0, 0, 0)
        .hasSize(65);
  }

  @Test
  void aWrittenSnapshotIsTheOnlyOneAndItsSectionsHearOfIt() throws IOException {
    write(1, 1);
    List<StoredView> views = views(2);
    snapshots.write(Captured.of(base(2), views));
    assertThat(files.list()).containsExactly("snapshot-00000000000000000002");
    assertThat(((NamedView) views.get(0)).durable).isTrue();
  }

  @Test
  void aWrittenSnapshotSurvivesAPowerCut() throws IOException {
    write(1, 100_000);
    files.cutPower(new Random(1), 0);
    assertThat(first(restore(base -> true))).isEqualTo(bytes(100_000));
  }

  @Test
  void everyFlippedBitIsFoundAndTheOlderSnapshotIsUsed() throws IOException {
    write(2, 50);
    byte[] newer = content("snapshot-00000000000000000002");
    for (int i = 0; i < newer.length; i++) {
      write(1, 10);
      put("snapshot-00000000000000000002", newer);
      files.flipBit("snapshot-00000000000000000002", i);
      Snapshots.Restored<List<StoredView>> restored = restore(base -> true);
      assertThat(restored.base()).as("bit in byte %d", i).contains(base(1));
      assertThat(first(restored)).isEqualTo(bytes(10));
    }
  }

  @Test
  void aTornSnapshotIsPassedOver() throws IOException {
    write(2, 50);
    byte[] whole = content("snapshot-00000000000000000002");
    for (int length : new int[] {0, 5, 30, whole.length - 1}) {
      files.delete("snapshot-00000000000000000002");
      put("snapshot-00000000000000000002", Arrays.copyOf(whole, length));
      assertThat(restore(base -> true).base()).as("%d bytes", length).isEmpty();
    }
  }

  @Test
  void aSnapshotOfAnotherLogIsPassedOver() throws IOException {
    write(1, 10);
    byte[] older = content("snapshot-00000000000000000001");
    write(2, 20);
    put("snapshot-00000000000000000001", older);
    assertThat(restore(base -> base.position() == 1).base()).contains(base(1));
    assertThat(restore(base -> false).base()).isEqualTo(Optional.empty());
  }

  @Test
  void aSnapshotWithAnotherVersionOfASectionIsPassedOver() throws IOException {
    snapshots.write(Captured.of(base(1), List.of(new NamedView("other", bytes(3)))));
    assertThat(restore(base -> true).base()).isEmpty();
    write(1, 3);
    List<StoredView> fewer = List.of(new NamedView("first", bytes(0)));
    assertThat(snapshots.restoreNewest(() -> fewer, views -> views, base -> true).base()).isEmpty();
  }

  @Test
  void aSnapshotWithWhichAViewCannotDoAnythingIsPassedOver() throws IOException {
    write(1, 10);
    NamedView failing = new NamedView("first", bytes(0));
    failing.failing = true;
    List<StoredView> views = List.of(failing, new NamedView("second", bytes(0)));
    assertThat(snapshots.restoreNewest(() -> views, all -> all, base -> true).base()).isEmpty();
    assertThat(files.list()).isEmpty();
  }

  @Test
  void whatWasNotUsedIsRemovedBeforeItsBlocksAreWrittenOver() throws IOException {
    write(1, 10);
    byte[] older = content("snapshot-00000000000000000001");
    write(2, 20);
    put("snapshot-00000000000000000001", older);
    assertThat(restore(base -> true).base()).contains(base(2));
    assertThat(files.list()).containsExactly("snapshot-00000000000000000002");
  }

  @Test
  void aFullDiskLeavesTheOlderSnapshot() throws IOException {
    write(1, 10);
    files.full(true);
    assertThatThrownBy(() -> write(2, 20)).hasMessageContaining("No space left");
    files.full(false);
    assertThat(restore(base -> true).base()).contains(base(1));
  }

  @Test
  void leftoversOfALongerUnfinishedSnapshotDoNotEndUpInTheNext() throws IOException {
    put("snapshot.tmp", bytes(500_000));
    write(1, 10);
    assertThat(first(restore(base -> true))).isEqualTo(bytes(10));
  }
}
