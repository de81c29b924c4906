package io.moiety.broker.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Percentiles are right to an eighth, whatever the values. */
final class LatencyHistogramTest {

  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  void hasNothingToTellBeforeAnythingIsRecorded() {
    LatencySnapshot snapshot = histogram.snapshot();

    assertThat(snapshot.count()).isZero();
    assertThat(snapshot.percentileNanos(99)).isZero();
    assertThat(snapshot.maxNanos()).isZero();
  }

  @Test
  void tellsPercentilesToAnEighth() {
    long[] values = new Random(1).longs(10_000, 0, 2_000_000_000L).toArray();
    for (long value : values) {
      histogram.record(value);
    }
    Arrays.sort(values);

    LatencySnapshot snapshot = histogram.snapshot();

    for (double percent : new double[] {1, 50, 99, 99.9, 100}) {
      long exact = values[(int) Math.ceil(values.length * percent / 100) - 1];
      assertThat(snapshot.percentileNanos(percent)).isBetween(exact, exact + exact / 8);
    }
    assertThat(snapshot.count()).isEqualTo(values.length);
    assertThat(snapshot.totalNanos()).isEqualTo(Arrays.stream(values).sum());
    assertThat(snapshot.maxNanos()).isEqualTo(values[values.length - 1]);
    assertThat(snapshot.countWithin(Long.MAX_VALUE)).isEqualTo(values.length);
    assertThat(snapshot.countWithin(1_000_000_000L)).isBetween(4_000L, 5_300L);
  }

  @Property
  void putsEveryValueIntoABucketThatHoldsIt(@ForAll @LongRange(max = Long.MAX_VALUE) long value) {
    int bucket = LatencyHistogram.bucketOf(value);

    assertThat(value).isLessThanOrEqualTo(LatencyHistogram.greatestIn(bucket));
    assertThat(bucket == 0 || value > LatencyHistogram.greatestIn(bucket - 1)).isTrue();
  }

  @Test
  void countsAClockThatWentBackwardsAsNoTime() {
    histogram.record(-5);

    assertThat(histogram.snapshot().countWithin(0)).isEqualTo(1);
  }
}
