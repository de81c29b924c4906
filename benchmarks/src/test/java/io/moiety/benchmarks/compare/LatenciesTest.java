package io.moiety.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.benchmarks.load.Latencies;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  private static Latencies upTo(int millis) {
    Latencies latencies = new Latencies();
    for (int i = millis; i >= 1; i--) {
      latencies.add(i * 1_000_000L);
    }
    return latencies;
  }

  @Test
  void aPercentileIsTheLeastThatSoManyDoNotExceed() {
    Latencies latencies = upTo(1_000);

    assertThat(latencies.percentileMillis(50)).isEqualTo(500);
    assertThat(latencies.percentileMillis(99)).isEqualTo(990);
    assertThat(latencies.percentileMillis(99.99)).isEqualTo(1_000);
    assertThat(latencies.percentileMillis(100)).isEqualTo(1_000);
  }

  @Test
  void keepsWhatOthersMeasured() {
    Latencies latencies = upTo(60_000);
    latencies.percentileMillis(50);
    latencies.addAll(upTo(60_000));

    assertThat(latencies.count()).isEqualTo(120_000);
    assertThat(latencies.percentileMillis(50)).isEqualTo(30_000);
  }

  @Test
  void hasNoPercentileOfNothing() {
    assertThatThrownBy(() -> new Latencies().percentileMillis(50))
        .hasMessage("nothing was measured");
  }
}
