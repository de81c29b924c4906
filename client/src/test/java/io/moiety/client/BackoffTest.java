package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

final class BackoffTest {

  @Property
  void doublesUpToTheBoundLessAtMostAHalf(
      @ForAll @LongRange(min = 1, max = 5_000) long firstMillis,
      @ForAll @LongRange(min = 5_000, max = 60_000) long maxMillis,
      @ForAll long seed) {
    Backoff backoff =
        new Backoff(Duration.ofMillis(firstMillis), Duration.ofMillis(maxMillis), new Random(seed));
    for (int series = 0; series < 2; series++) {
      long full = firstMillis;
      for (int i = 0; i < 20; i++) {
        assertThat(backoff.nextDelayMillis()).isBetween(full - full / 2, full);
        full = Math.min(maxMillis, 2 * full);
      }
      backoff.reset();
    }
  }
}
