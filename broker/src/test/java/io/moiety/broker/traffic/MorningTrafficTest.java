package io.moiety.broker.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.stats.TrafficSnapshot;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MorningTrafficTest {
  private static final long DAY_MILLIS = 86_400_000;

  private long messages = 10;
  private final MorningTraffic mornings =
      new MorningTraffic(
          () -> new TrafficSnapshot(messages, 0, 0, 0), ZoneOffset.ofHours(1), 1_000);

  @Test
  void whatHadComeWhenADayBeganIsKeptForTwoDays() {
    long firstMidnight = DAY_MILLIS - 3_600_000;
    assertThat(mornings.nextDueMillis()).isEqualTo(firstMidnight);
    mornings.run(firstMidnight - 1);
    assertThat(mornings.mornings().today().messagesIn()).isZero();

    mornings.run(firstMidnight);
    assertThat(mornings.mornings().today().messagesIn()).isEqualTo(10);
    messages = 30;
    mornings.run(firstMidnight + 5);
    mornings.run(firstMidnight + DAY_MILLIS);

    assertThat(mornings.mornings().today().messagesIn()).isEqualTo(30);
    assertThat(mornings.mornings().yesterday().messagesIn()).isEqualTo(10);
  }
}
