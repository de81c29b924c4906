package io.moiety.broker.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.traffic.RecentTraffic.Recent;
import io.moiety.broker.traffic.RecentTraffic.Span;
import io.moiety.broker.traffic.Traffic.GroupOnTopic;
import org.junit.jupiter.api.Test;

class RecentTrafficTest {
  private static final GroupOnTopic GROUP = new GroupOnTopic("G", "T");

  private final Traffic traffic = new Traffic(topic -> true, group -> true);
  private final RecentTraffic recent = new RecentTraffic(traffic, 0);
  private long nowMillis;

  private void pass(long millis) {
    long end = nowMillis + millis;
    while (recent.nextDueMillis() <= end) {
      nowMillis = recent.nextDueMillis();
      recent.run(nowMillis);
    }
    nowMillis = end;
  }

  private Recent out(Span span) {
    return recent.out(span, GROUP, nowMillis).orElseThrow();
  }

  @Test
  void whatWentCountsInItsMinuteHourAndDayAndNotAfter() {
    traffic.went("G", "T", 600, 0);
    pass(30_000);
    assertThat(out(Span.MINUTE)).isEqualTo(new Recent(600, 20));
    pass(30_000);
    assertThat(out(Span.MINUTE)).isEqualTo(new Recent(600, 10));
    pass(30_000);
    assertThat(out(Span.MINUTE).messages()).isZero();
    assertThat(out(Span.HOUR).messages()).isEqualTo(600);
    pass(3_600_000 + 600_000);
    assertThat(out(Span.HOUR).messages()).isZero();
    assertThat(out(Span.DAY).messages()).isEqualTo(600);
    pass(25L * 3_600_000);
    assertThat(out(Span.DAY).messages()).isZero();
  }

  @Test
  void aTurnThatComesLateCountsOverTheTimeThatPassed() {
    traffic.went("G", "T", 600, 0);
    nowMillis = 120_000;
    recent.run(nowMillis);
    assertThat(out(Span.MINUTE)).isEqualTo(new Recent(600, 5));
  }

  @Test
  void whatNeverHadTrafficHasNoCounts() {
    assertThat(recent.out(Span.MINUTE, GROUP, 0)).isEmpty();
    assertThat(recent.in(Span.MINUTE, "T", 0)).isEmpty();
  }

  @Test
  void aLookAtManyGroupsIsTakenInPiecesAndCountsWhenItHasEnded() {
    int many = RecentTraffic.LOOKED_AT_PER_RUN + 1;
    for (int i = 0; i < many; i++) {
      traffic.went("G", "T" + i, 1, 0);
    }
    traffic.went("G", "T", 600, 0);
    nowMillis = 60_000;
    recent.run(nowMillis);
    assertThat(recent.nextDueMillis()).as("more is to be looked at").isLessThanOrEqualTo(nowMillis);
    assertThat(out(Span.MINUTE).messages()).isEqualTo(600);
    for (int runs = 0; recent.nextDueMillis() <= nowMillis; runs++) {
      assertThat(runs).isLessThan(100);
      recent.run(nowMillis);
    }
    assertThat(out(Span.MINUTE).messages()).isEqualTo(600);
    pass(60_000);
    assertThat(out(Span.MINUTE).messages()).isZero();
  }
}
