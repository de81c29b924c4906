package io.moiety.broker.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The block file compared with a map, through snapshots, power cuts and starts. */
final class BlockFileModelTest {

  @Property(tries = 300)
  void aSnapshotsBlocksAreAsTheyWereAfterAnyPowerCut(
      @ForAll @Size(max = 150) List<@IntRange(max = 99) Integer> actions, @ForAll long seed)
      throws IOException {
    new Trial().run(actions, new Random(seed));
  }

  private static final class Trial {
    private static final int OWNER = 3;

    private final SimulatedViewFiles files = new SimulatedViewFiles();
    private final Map<Integer, Long> present = new HashMap<>();
    private Map<Integer, Long> snapshot = Map.of();
    private long lastValue;

    void run(List<Integer> actions, Random random) throws IOException {
      List<Runnable> tasks = new ArrayList<>();
      BlockFile blocks = started(tasks);
      for (int action : actions) {
        if (action < 50) {
          lastValue++;
          int id = blocks.append(OWNER, ByteBuffer.allocate(8).putLong(0, lastValue));
          assertThat(present.put(id, lastValue)).as("block %d was in use", id).isNull();
        } else if (action < 75 && !present.isEmpty()) {
          int id = List.copyOf(present.keySet()).get(random.nextInt(present.size()));
          present.remove(id);
          blocks.release(id);
        } else if (action < 85) {
          tasks.forEach(Runnable::run);
          tasks.clear();
        } else if (action < 93) {
          BlockFile.Capture capture = blocks.capture();
          capture.force();
          if (random.nextBoolean()) {
            snapshot = Map.copyOf(present);
            capture.durable();
          }
        } else {
          files.cutPower(random, random.nextInt(101));
          tasks.clear();
          blocks = started(tasks);
        }
        assertHolds(blocks);
      }
    }

    private BlockFile started(List<Runnable> tasks) throws IOException {
      BlockFile blocks = BlockFile.open(files);
      for (int id : snapshot.keySet()) {
        blocks.retain(id);
      }
      present.clear();
      present.putAll(snapshot);
      blocks.begin(tasks::add, what -> {});
      return blocks;
    }

    private void assertHolds(BlockFile blocks) {
      present.forEach(
          (id, value) ->
              assertThat(blocks.read(OWNER, id).getLong(0)).as("%d", id).isEqualTo(value));
    }
  }
}
