package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UniqueKeysTest {

  private final SetClock clock = new SetClock(Instant.parse("2026-03-01T00:00:01.500Z"));

  @Test
  void hasRocketMqsForm() {
    UniqueKeys keys = keys("10.1.2.3");
    String key = keys.next();
    assertThat(key).hasSize(32).startsWith("0A010203" + "BEEF").endsWith("000005DC" + "0000");
    assertThat(keys.next()).isEqualTo(key.substring(0, 28) + "0001");
    assertThat(keys("fd00::1").next())
        .hasSize(56)
        .startsWith("FD000000000000000000000000000001" + "BEEF");
  }

  @Test
  void neverGivesAKeyTwiceWhateverTheClockDoes() {
    UniqueKeys keys = keys("10.1.2.3");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      if (i % 1000 == 0) {
        clock.now = clock.now.plusMillis(i % 3000 == 0 ? -5000 : 1);
      }
      assertThat(seen.add(keys.next())).isTrue();
    }
  }

  @Test
  void theSameMomentOfAnotherMonthGivesAnotherKey() {
    UniqueKeys keys = keys("10.1.2.3");
    Set<String> seen = new HashSet<>();
    for (int month = 0; month < 100; month++) {
      clock.now =
          Instant.parse("2026-03-01T00:00:00Z")
              .atOffset(ZoneOffset.UTC)
              .plusMonths(month)
              .toInstant();
      String key = keys.next();
      assertThat(key).endsWith("00000000" + "0000");
      assertThat(seen.add(key)).isTrue();
    }
  }

  private UniqueKeys keys(String address) {
    InetAddress local = RecordSamples.host(address, 0).getAddress();
    return new UniqueKeys(local, 0x1BEEF, 42, clock);
  }

  /** Stands still unless set. */
  private static final class SetClock extends Clock {

    private Instant now;

    SetClock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("only UTC");
    }
  }
}
