package io.moiety.broker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldAppendsTest {

  private final HeldAppends held = new HeldAppends();
  private final List<String> stored = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private PutStatus refusal = PutStatus.OS_PAGE_CACHE_BUSY;
  private int room;

  private void send(String name, long nowMillis) {
    held.take(nowMillis, () -> put(name), failure -> refused.add(name));
  }

  private void put(String name) {
    if (room == 0) {
      throw new AppendRefusedException(refusal, "no room");
    }
    room--;
    stored.add(name);
  }

  @Test
  void storesAtOnceWhileThereIsRoom() {
    room = 2;
    send("a", 0);
    send("b", 0);

    assertThat(stored).containsExactly("a", "b");
    assertThat(held.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void triesAgainInTheOrderOfTheirComing() {
    send("a", 0);
    room = 1;
    send("b", 1);
    assertThat(stored).isEmpty();

    assertThat(held.nextDueMillis()).isBetween(1L, 10L);
    held.run(10);
    assertThat(stored).containsExactly("a");
    room = 5;
    held.run(20);
    assertThat(stored).containsExactly("a", "b");
    assertThat(refused).isEmpty();
    assertThat(held.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void refusesWhoHasWaitedTooLong() {
    send("a", 0);
    send("b", 500);

    held.run(HeldAppends.LONGEST_WAIT_MILLIS - 1);
    assertThat(refused).isEmpty();
    held.run(HeldAppends.LONGEST_WAIT_MILLIS);
    assertThat(refused).containsExactly("a");
    assertThat(held.nextDueMillis()).isGreaterThan(HeldAppends.LONGEST_WAIT_MILLIS);
  }

  @Test
  void refusesMoreThanMayWait() {
    for (int i = 0; i < HeldAppends.MOST_HELD; i++) {
      send("waits", 0);
    }
    assertThat(refused).isEmpty();
    send("too many", 0);

    assertThat(refused).containsExactly("too many");
  }

  @Test
  void doesNotHoldWhatWaitingDoesNotMend() {
    refusal = PutStatus.SERVICE_NOT_AVAILABLE;
    send("a", 0);
    assertThat(refused).containsExactly("a");
  }

  @Test
  void oneThatFailsDoesNotStopThoseBehindIt() {
    send("a", 0);
    held.take(
        0,
        () -> {
          throw new IllegalStateException("a bug");
        },
        failure -> refused.add("b"));
    send("c", 0);
    room = 2;
    held.run(5);

    assertThat(stored).containsExactly("a", "c");
    assertThat(refused).containsExactly("b");
  }
}
