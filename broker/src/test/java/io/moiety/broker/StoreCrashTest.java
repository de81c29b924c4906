package io.moiety.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.IOException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * The whole store after power cuts and kills. A failure names the seed; the same seed fails again.
 * More than the build tries: {@code -Dmoiety.crash.trials=N}, N times as many, and {@code
 * -Dmoiety.crash.seed=S} to begin with another seed.
 */
class StoreCrashTest {
  private static final int TRIALS = Integer.getInteger("moiety.crash.trials", 1);
  private static final long FIRST_SEED = Long.getLong("moiety.crash.seed", 1L);
  private static final int SEEDS = 8;
  private static final int STEPS = 120;

  @Test
  void keepsWhatWasAnsweredWhenTheMachineStopsAtAnyOperation() throws IOException {
    long stops = 0;
    int fromSnapshot = 0;
    int taken = 0;
    int leftByKills = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + (long) SEEDS * TRIALS; seed++) {
      Random random = new Random(seed);
      boolean stopped = true;
      for (long operations = 1; stopped; operations += 1 + random.nextInt(4)) {
        StoreTrial trial = new StoreTrial(seed, 2_048);
        stopped = survives(trial, seed, operations);
        stops++;
        fromSnapshot += trial.fromSnapshot;
        taken += trial.early().taken();
        leftByKills += trial.early().leftByKills();
      }
    }
    assertThat(stops).isGreaterThan(100);
    assertThat(fromSnapshot).isGreaterThan(50);
    assertThat(taken).as("answered, and taken by power cuts").isGreaterThan(100);
    assertThat(leftByKills).as("answered, not forced, and left by kills").isGreaterThan(100);
  }

  @Test
  void takesOnlyTheEndOfWhatWasAnsweredUnderAsyncFlush() throws IOException {
    int taken = 0;
    int leftByKills = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + (long) SEEDS * TRIALS; seed++) {
      Random random = new Random(seed);
      boolean stopped = true;
      for (long operations = 1; stopped; operations += 1 + random.nextInt(4)) {
        StoreTrial trial = StoreTrial.asyncFlush(seed, 2_048);
        stopped = survives(trial, seed, operations);
        taken += trial.early().taken();
        leftByKills += trial.early().leftByKills();
      }
    }
    assertThat(taken).as("answered, and taken by power cuts").isGreaterThan(300);
    assertThat(leftByKills).as("answered, not forced, and left by kills").isGreaterThan(300);
  }

  @Property(tries = 40)
  @Label("loses nothing that is needed when it stops while segments are emptied and go")
  void losesNothingThatIsNeededWhileSegmentsGo(@ForAll long seed) throws IOException {
    StoreTrial trial = new StoreTrial(seed, Long.MAX_VALUE, true);
    Random random = new Random(seed);
    for (int stop = 0; stop < 6; stop++) {
      trial.liveUntilStop(500, 100 + random.nextInt(900), random.nextInt(3) > 0);
    }
    trial.live(100, true);
    if (random.nextBoolean()) {
      trial.files = new SimulatedViewFiles();
    }
    trial.fulfil();
  }

  private static boolean survives(StoreTrial trial, long seed, long operations) {
    try {
      boolean stopped = trial.liveUntilStop(STEPS, operations, operations % 3 > 0);
      trial.live(20, true);
      trial.startedState();
      return stopped;
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError("seed " + seed + ", stop at operation " + operations, e);
    }
  }

  @Property(tries = 80)
  @Label("under ASYNC_FLUSH, through many stops, takes only the end of what was answered")
  void takesOnlyTheEndThroughManyStopsUnderAsyncFlush(@ForAll long seed) throws IOException {
    StoreTrial trial = StoreTrial.asyncFlush(seed, 2_048);
    Random random = new Random(seed);
    for (int stop = 0; stop < 8; stop++) {
      trial.liveUntilStop(
          60, 1 + random.nextInt(random.nextBoolean() ? 30 : 300), random.nextInt(3) > 0);
    }
    trial.live(20, true);
    trial.startedState();
  }

  @Property(tries = 150)
  @Label("keeps what was answered through many stops, also while it starts")
  void keepsWhatWasAnsweredThroughManyStops(@ForAll long seed) throws IOException {
    StoreTrial trial = new StoreTrial(seed, 2_048, seed % 3 == 0);
    Random random = new Random(seed);
    for (int stop = 0; stop < 8; stop++) {
      trial.liveUntilStop(
          60, 1 + random.nextInt(random.nextBoolean() ? 30 : 300), random.nextInt(3) > 0);
    }
    trial.live(20, true);
    trial.startedState();
  }
}
