package io.moiety.arquillian.crash;

import io.moiety.arquillian.orders.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole matrix, again and again in another order, as often as {@code ./kills} asks for; not
 * part of the build. A half of the kills are of the server, a half of the broker.
 */
class KillMatrixRun {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Victim.class)
  void rowAndMessageAgreeAfterEachKill(Victim victim) throws Exception {
    Mode mode = Mode.valueOf(System.getProperty("kills.mode"));
    int count = Integer.getInteger("kills.count") / Victim.values().length;
    Random random = new Random(Long.getLong("kills.seed", 1));
    try (Site site = Site.start(directory, mode, victim)) {
      site.place("first");
      List<Kill> next = new ArrayList<>();
      for (int number = 1; number <= count; number++) {
        if (next.isEmpty()) {
          next.addAll(Kill.all(mode));
          Collections.shuffle(next, random);
        }
        Kill kill = next.remove(next.size() - 1);
        long startedNanos = System.nanoTime();
        site.kill(victim, kill, "kill-" + number);
        System.out.printf(
            "%s %s %d of %d: %s, all agree after %d ms%n",
            mode, victim, number, count, kill, (System.nanoTime() - startedNanos) / 1_000_000);
      }
      site.kill(victim, Kill.mendedByRecovery(mode), "last");
    }
  }
}
