package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Names of transactions: never twice, and in the order of the index. */
final class TransactionIdsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T16:00:00Z");

  private final TransactionIds ids = new TransactionIds(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void eachIdSortsBehindTheOneBeforeAlsoWhenTheClockStandsStill() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next());
    }

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void anIdIsAUuidOfVersion7WithItsTime() {
    UUID id = UUID.fromString(ids.next());

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void nodesThatStartAtTheSameInstantMakeDifferentIds() {
    Set<String> firsts = new HashSet<>();
    for (int node = 0; node < 1_000; node++) {
      firsts.add(new TransactionIds(Clock.fixed(NOW, ZoneOffset.UTC)).next());
    }

    assertThat(firsts).hasSize(1_000);
  }

  @Test
  void threadsGetDifferentIds() {
    Set<String> made = ConcurrentHashMap.newKeySet();

    IntStream.range(0, 20_000).parallel().forEach(i -> made.add(ids.next()));

    assertThat(made).hasSize(20_000);
  }
}
