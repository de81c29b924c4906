package io.moiety.broker.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.RecordView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The index compared with a look at every message, through crashes, full disks and retention. */
final class KeyIndexModelTest {
  private static final List<String> TOPICS = List.of("T", "U");
  private static final int KEYS = 6;

  @Property(tries = 300)
  void findsWhatALookAtEveryMessageFinds(
      @ForAll @Size(min = 50, max = 200) List<@IntRange(max = 99) Integer> actions,
      @ForAll @IntRange(min = 1, max = 3) int hashes,
      @ForAll @IntRange(min = 45, max = 70) int runPairs,
      @ForAll @IntRange(min = 2, max = 3) int fanIn,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    KeyHash colliding = (topic, key) -> (topic + key).hashCode() % hashes + hashes;
    IndexBench bench = new IndexBench(colliding, new MergePolicy(runPairs, fanIn, 3));
    for (int action : actions) {
      if (action < 60) {
        bench.put(TOPICS.get(random.nextInt(2)), properties(random));
      } else if (action < 75) {
        bench.viewThread(1 + random.nextInt(4));
      } else if (action < 83) {
        bench.snapshot();
      } else if (action < 88) {
        bench.forget(random.nextInt(10));
      } else if (action < 93) {
        bench.files.full(false);
        bench.files.cutPower(random, 50);
        Object state = bench.index().state();
        bench.restart();
        assertThat(bench.index().state()).isEqualTo(state);
        compare(bench);
      } else if (action < 96) {
        bench.files.full(random.nextBoolean());
      } else {
        compare(bench);
      }
    }
    compare(bench);
    bench.files.full(false);
    bench.viewThread();
    compare(bench);
  }

  private static Map<String, String> properties(Random random) {
    String keys = key(random) + (random.nextBoolean() ? "  " + key(random) : "");
    return random.nextInt(4) == 0 ? Map.of() : Map.of("UNIQ_KEY", key(random), "KEYS", keys);
  }

  private static String key(Random random) {
    return "k" + random.nextInt(KEYS);
  }

  private static void compare(IndexBench bench) {
    for (String topic : TOPICS) {
      for (int number = 0; number < KEYS; number++) {
        String key = "k" + number;
        List<Long> all = scan(bench, topic, key);
        assertThat(bench.find(topic, key, Integer.MAX_VALUE)).isEqualTo(all);
        List<Long> newest = all.subList(Math.max(0, all.size() - 2), all.size());
        assertThat(bench.find(topic, key, 2)).isEqualTo(newest);
      }
    }
  }

  private static List<Long> scan(IndexBench bench, String topic, String key) {
    List<Long> found = new ArrayList<>();
    for (RecordView message : bench.log.values()) {
      boolean named =
          message.property("UNIQ_KEY").filter(key::equals).isPresent()
              || List.of(message.property("KEYS").orElse("").split(" ", -1)).contains(key);
      if (named && message.topic().equals(topic)) {
        found.add(message.position());
      }
    }
    return found;
  }
}
