package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The log compared with a list. */
final class CommitLogModelTest {

  private record Expected(Appended at, long number) {}

  @Property(tries = 300)
  void behavesLikeAListThroughRollsAndRestarts(
      @ForAll @Size(max = 150) List<@IntRange(max = 3_000) Integer> actions, @ForAll long seed)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk(seed);
    Random random = new Random(seed);
    List<Expected> model = new ArrayList<>();
    CommitLog log = open(disk, random);
    long number = 0;

    for (int action : actions) {
      if (action < 100) {
        log.close();
        log = open(disk, random);
        assertReplays(log, model);
      } else if (action < 200) {
        deleteBefore(log, (long) (log.appendedPosition() * random.nextDouble()), model);
      } else if (action < 400) {
        log.forceUpTo(log.appendedPosition());
        assertThat(log.durablePosition()).isEqualTo(log.appendedPosition());
      } else {
        int sizeBytes = Math.max(action, Drafts.EMPTY_BYTES);
        model.add(new Expected(log.append(Drafts.ofSize(number, sizeBytes)), number));
        number++;
      }
      assertReads(log, model, random);
    }
  }

  @Property(tries = 300)
  void findsARecordExactlyWhereOneBegins(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 150, max = 1_200) Integer> sizes,
      @ForAll @IntRange(max = 80_000) int position)
      throws IOException {
    CommitLog log = open(new SimulatedDisk(1), new Random(1));
    List<Long> starts = new ArrayList<>();
    for (int sizeBytes : sizes) {
      starts.add(log.append(Drafts.ofSize(starts.size(), sizeBytes)).position());
    }

    for (long start : starts) {
      assertThat(log.find(start).orElseThrow().queueOffset()).isEqualTo(starts.indexOf(start));
    }
    assertThat(log.find(position).isPresent()).isEqualTo(starts.contains((long) position));
    assertThat(log.find(-1)).isEmpty();
    assertThat(log.find(Long.MAX_VALUE)).isEmpty();
  }

  private static void deleteBefore(CommitLog log, long position, List<Expected> model) {
    long durable = log.durablePosition();
    long before = log.firstPosition();
    long first = log.deleteBefore(position);
    assertThat(first).isBetween(before, Math.max(before, Math.min(position, durable)));
    assertThat(log.segments().get(0).basePosition()).isEqualTo(first);
    model.removeIf(expected -> expected.at().endPosition() <= first);
  }

  private static CommitLog open(SimulatedDisk disk, Random random) throws IOException {
    return SimulatedLog.open(disk, () -> 1, new LoggedEvents(), random);
  }

  private static void assertReplays(CommitLog log, List<Expected> model) {
    List<Long> numbers = new ArrayList<>();
    log.replay(record -> numbers.add(record.queueOffset()));
    assertThat(numbers).isEqualTo(model.stream().map(Expected::number).toList());
  }

  private static void assertReads(CommitLog log, List<Expected> model, Random random) {
    if (model.isEmpty()) {
      return;
    }
    Expected expected = model.get(random.nextInt(model.size()));
    int sizeBytes = expected.at().sizeBytes();
    RecordView record = log.read(expected.at().position(), sizeBytes);
    assertThat(record.body()).isEqualTo(Drafts.ofSize(expected.number(), sizeBytes).body());
    ByteBuffer copy = ByteBuffer.allocate(sizeBytes);
    log.copy(expected.at().position(), sizeBytes, copy);
    assertThat(copy.flip()).isEqualTo(record.bytes());
    assertThatThrownBy(() -> log.read(expected.at().position() + 1, sizeBytes - 1))
        .isInstanceOf(RecordDamagedException.class)
        .hasMessageContaining("position " + (expected.at().position() + 1));
    assertThatThrownBy(() -> log.read(log.appendedPosition(), 100))
        .isInstanceOf(RecordDamagedException.class);
  }
}
