package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The log after power cuts and kills. A failure names the seed; the same seed fails again. */
final class CrashTest {

  private static final int SEEDS = 24;
  private static final int ACTIONS = 120;

  private long reuses;

  @Test
  void keepsWhatWasDurableWhenThePowerGoesAtAnyOperation() throws IOException {
    long trials = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      long cuts = 0;
      while (survivesPowerCut(seed, cuts + 1)) {
        cuts++;
      }
      assertThat(cuts).as("operations of the disk with seed " + seed).isGreaterThan(ACTIONS);
      trials += cuts;
    }
    assertThat(trials).as("power cuts").isGreaterThan(3_000);
    assertThat(reuses).as("segments made of spares").isGreaterThan(500);
  }

  /** Whether there was a power cut at all. */
  private boolean survivesPowerCut(long seed, long operations) throws IOException {
    CrashTrial trial = new CrashTrial(seed);
    try {
      boolean cut = trial.liveUntilPowerCut(ACTIONS, operations);
      trial.live(20);
      trial.live(0);
      reuses += trial.reuses();
      return cut;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ", cut at operation " + operations, e);
    }
  }

  @Property(tries = 500)
  @Label("keeps what was durable through many power cuts and kills, also while it recovers")
  void keepsWhatWasDurableThroughManyStops(@ForAll long seed) throws IOException {
    CrashTrial trial = new CrashTrial(seed);
    Random random = new Random(seed);
    for (int stop = 0; stop < 14; stop++) {
      int operations = 1 + random.nextInt(random.nextBoolean() ? 12 : 120);
      if (random.nextInt(3) == 0) {
        trial.liveUntilKill(60, operations);
      } else {
        trial.liveUntilPowerCut(60, operations);
      }
    }
    trial.live(20);
    trial.live(0);
  }
}
