package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log is read, whatever happened to it, and left as it is. */
final class LogInspectionTest {

  private static final int RECORD_BYTES = 1_000;
  private static final int SEGMENT_BYTES = 128 * 1024;

  @TempDir private Path directory;

  private final List<Long> numbers = new ArrayList<>();
  private final LogVisitor collecting =
      new LogVisitor() {
        @Override
        public void record(RecordView record) {
          numbers.add(record.queueOffset());
        }
      };

  @Test
  void findsAHealthyLogHealthyAndEveryRecordOfIt() {
    long end = filled(500);

    LogReport report = LogInspection.inspect(directory, collecting);

    assertThat(report.healthy()).isTrue();
    assertThat(numbers).hasSize(500).isSorted().doesNotHaveDuplicates();
    assertThat(report.records()).isEqualTo(500);
    assertThat(report.recordBytes()).isEqualTo(500L * RECORD_BYTES);
    assertThat(report.endPosition()).isEqualTo(end);
    assertThat(report.durablePosition()).isEqualTo(OptionalLong.of(end));
    assertThat(report.tornTail()).isEmpty();
    assertThat(report.segments()).hasSize(4);
    assertThat(report.holder()).isEmpty();
  }

  @Test
  void changesNothing() throws IOException {
    filled(300);
    Map<String, String> before = files();

    LogInspection.inspect(directory, collecting);

    assertThat(files()).isEqualTo(before);
  }

  @Test
  void namesEveryDamagedPlaceAndWhereItGoesOn() throws IOException {
    filled(500);
    flip(1, 5 * RECORD_BYTES + 200);
    flip(1, 9 * RECORD_BYTES + 4);
    flip(2, 0);

    LogReport report = LogInspection.inspect(directory, collecting);

    assertThat(report.damages())
        .extracting(LogDamage::position)
        .containsExactly(
            SEGMENT_BYTES + 5L * RECORD_BYTES,
            SEGMENT_BYTES + 9L * RECORD_BYTES,
            2L * SEGMENT_BYTES);
    assertThat(report.damages())
        .allSatisfy(
            damage -> assertThat(damage.endPosition() - damage.position()).isEqualTo(RECORD_BYTES));
    assertThat(report.damages().get(0).describe())
        .contains("commitlog")
        .contains("00000000000000131072")
        .contains("CRC");
    assertThat(numbers).hasSize(497);
    assertThat(report.healthy()).isFalse();
  }

  @Test
  void namesTheRecordOfEveryFlippedBit() throws IOException {
    long firstEnd;
    long secondEnd;
    try (CommitLog log = open()) {
      firstEnd = PatientAppends.append(log, Drafts.ofSize(1, Drafts.EMPTY_BYTES)).endPosition();
      secondEnd = PatientAppends.append(log, Drafts.ofSize(2, Drafts.EMPTY_BYTES)).endPosition();
      PatientAppends.append(log, Drafts.ofSize(3, Drafts.EMPTY_BYTES));
    }
    byte[] whole = Files.readAllBytes(segment(0));
    for (int bit = Math.toIntExact(8 * firstEnd); bit < 8 * secondEnd; bit++) {
      byte before = whole[bit / 8];
      write(0, bit / 8, new byte[] {(byte) (before ^ 1 << bit % 8)});
      LogReport report = LogInspection.inspect(directory, new LogVisitor() {});
      assertThat(report.damages())
          .as("bit %d", bit)
          .singleElement()
          .satisfies(damage -> assertThat(damage.position()).isEqualTo(firstEnd))
          .satisfies(damage -> assertThat(damage.endPosition()).isEqualTo(secondEnd));
      assertThat(report.records()).isEqualTo(2);
      write(0, bit / 8, new byte[] {before});
    }
    assertThat(LogInspection.inspect(directory, new LogVisitor() {}).healthy()).isTrue();
  }

  @Test
  void tellsATornTailFromDamage() throws IOException {
    long end = filled(10);
    write(0, (int) end, new byte[] {0, 0, 1, 0, 7});

    LogReport report = LogInspection.inspect(directory, collecting);

    assertThat(report.healthy()).isTrue();
    assertThat(report.endPosition()).isEqualTo(end);
    assertThat(report.tornTail()).hasValueSatisfying(what -> assertThat(what).contains("begins"));
    assertThat(numbers).hasSize(10);
  }

  @Test
  void reportsAMissingSegmentAndGoesOnBehindIt() throws IOException {
    filled(500);
    Files.delete(segment(1));

    LogReport report = LogInspection.inspect(directory, collecting);

    assertThat(report.damages())
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.position()).isEqualTo(SEGMENT_BYTES);
              assertThat(gap.endPosition()).isEqualTo(2L * SEGMENT_BYTES);
            });
    assertThat(numbers).hasSizeBetween(350, 400).endsWith(499L);
  }

  @Test
  void reportsWhatWasDurableAndIsNotThere() throws IOException {
    long end = filled(100);
    write(0, 40 * RECORD_BYTES, new byte[SEGMENT_BYTES - 40 * RECORD_BYTES]);

    LogReport report = LogInspection.inspect(directory, collecting);

    assertThat(report.damages()).isNotEmpty();
    assertThat(report.damages().get(0).position()).isEqualTo(40L * RECORD_BYTES);
    assertThat(numbers).hasSize(40);
    assertThat(report.durablePosition()).isEqualTo(OptionalLong.of(end));
  }

  @Test
  void beginsAtAPosition() {
    filled(500);

    LogInspection.inspect(directory, SEGMENT_BYTES + 3L * RECORD_BYTES, collecting);

    assertThat(numbers).startsWith(134L).endsWith(499L);
  }

  @Test
  void saysWhoHasTheStoreOpen() {
    try (CommitLog log = open()) {
      log.append(Drafts.ofSize(1, RECORD_BYTES));

      LogReport report = LogInspection.inspect(directory, collecting);

      assertThat(report.holder())
          .hasValueSatisfying(
              holder -> assertThat(holder.processId()).isEqualTo(ProcessHandle.current().pid()));
      assertThat(report.records()).isEqualTo(1);
      assertThat(log.append(Drafts.ofSize(2, RECORD_BYTES)).position()).isEqualTo(RECORD_BYTES);
    }
  }

  @Test
  void saysThatThereIsNoLog() {
    assertThatThrownBy(() -> LogInspection.inspect(directory, collecting))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("commitlog");
  }

  private long filled(int count) {
    try (CommitLog log = open()) {
      for (int number = 0; number < count; number++) {
        PatientAppends.append(log, Drafts.ofSize(number, RECORD_BYTES));
      }
      return log.appendedPosition();
    }
  }

  private CommitLog open() {
    LogConfig config =
        LogConfig.of(directory).withMaxRecordBytes(64 * 1024).withSegmentSizeBytes(SEGMENT_BYTES);
    return CommitLog.open(config, LogClock.system(), new LoggedEvents());
  }

  private Path segment(int ordinal) {
    return directory.resolve("commitlog").resolve("%020d".formatted(ordinal * SEGMENT_BYTES));
  }

  private void flip(int ordinal, int index) throws IOException {
    byte[] bytes = Files.readAllBytes(segment(ordinal));
    write(ordinal, index, new byte[] {(byte) (bytes[index] ^ 0x10)});
  }

  private void write(int ordinal, int index, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(segment(ordinal), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), index);
    }
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        found.put(
            path.toString(),
            Files.getLastModifiedTime(path)
                + " "
                + ByteBuffer.wrap(Files.readAllBytes(path)).hashCode());
      }
    }
    return found;
  }
}
