package io.moiety.broker.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.stats.RatesSnapshot;
import io.moiety.broker.stats.TrafficSnapshot;
import org.junit.jupiter.api.Test;

final class TrafficRatesTest {
  private long in;
  private long out;
  private final TrafficRates rates = new TrafficRates(() -> new TrafficSnapshot(in, 0, out, 0), 0);

  private void run(int seconds, int inPerSecond, int outPerSecond) {
    for (int i = 0; i < seconds; i += 10) {
      in += 10L * inPerSecond;
      out += 10L * outPerSecond;
      rates.run(rates.nextDueMillis());
    }
  }

  @Test
  void ratesAreOverTenSecondsAMinuteAndTenMinutes() {
    run(1_000, 7, 1);
    run(540, 0, 1);
    run(50, 60, 1);
    run(10, 600, 2);

    assertThat(rates.snapshot().inPerSecond()).isEqualTo(new RatesSnapshot.Window(600, 150, 15));
    assertThat(rates.snapshot().outPerSecond().tenSeconds()).isEqualTo(2);
  }

  @Test
  void youngBrokersRatesAreOverItsLife() {
    assertThat(rates.snapshot().inPerSecond()).isEqualTo(new RatesSnapshot.Window(0, 0, 0));
    run(20, 5, 5);

    assertThat(rates.snapshot().inPerSecond()).isEqualTo(new RatesSnapshot.Window(5, 5, 5));
  }

  @Test
  void nothingIsLookedAtBeforeItIsDue() {
    in = 100;
    rates.run(TrafficRates.SAMPLE_MILLIS - 1);
    assertThat(rates.snapshot().inPerSecond().tenSeconds()).isZero();
    rates.run(TrafficRates.SAMPLE_MILLIS);
    assertThat(rates.snapshot().inPerSecond().tenSeconds()).isEqualTo(10);
  }
}
