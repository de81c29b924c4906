package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.transaction.TestStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnEndTest {
  @TempDir Path directory;
  private final List<String> done = new ArrayList<>();

  private final class Work implements DueWork {
    @Override
    public void run(long nowMillis) {
      done.add("work");
    }

    @Override
    public long nextDueMillis() {
      return Long.MAX_VALUE;
    }
  }

  @Test
  void aListenerThatFailsKeepsNoWorkFromBeingDoneAndNoTimerFromBeingSet() {
    TestStore store = TestStore.open(directory);
    BrokerClock clock = new BrokerClock(() -> 1_000, () -> 0);
    TurnEnd end =
        new TurnEnd(
            clock,
            store.store,
            position -> {
              throw new IllegalStateException("cannot listen");
            },
            wakeMillis -> done.add("timer"),
            List.of(new Work()));
    end.run();
    assertThat(done).containsExactly("work", "timer");
    store.close();
  }
}
