package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuardedWorkTest {
  private static final long NOW_MILLIS = 10_000;
  private static final long AFTER_PAUSE_MILLIS =
      NOW_MILLIS + GuardedWork.PAUSE_AFTER_FAILURE_MILLIS;

  private final Work work = new Work();
  private final GuardedWork guarded = new GuardedWork(work);

  private static final class Work implements DueWork {
    private boolean runFails;
    private boolean askFails;
    private int runs;

    @Override
    public void run(long nowMillis) {
      runs++;
      if (runFails) {
        throw new IllegalStateException("cannot run");
      }
    }

    @Override
    public long nextDueMillis() {
      if (askFails) {
        throw new IllegalStateException("cannot tell");
      }
      return 5;
    }
  }

  @Test
  void workIsDueWhenItSays() {
    guarded.run(NOW_MILLIS);
    assertThat(guarded.nextDueMillis(NOW_MILLIS)).isEqualTo(5);
  }

  @Test
  void workThatFailsRestsAWhile() {
    work.runFails = true;
    guarded.run(NOW_MILLIS);
    assertThat(guarded.nextDueMillis(NOW_MILLIS)).isEqualTo(AFTER_PAUSE_MILLIS);
    guarded.run(AFTER_PAUSE_MILLIS - 1);
    assertThat(work.runs).isEqualTo(1);
    guarded.run(AFTER_PAUSE_MILLIS);
    assertThat(work.runs).isEqualTo(2);
  }

  @Test
  void workThatCannotTellWhenItIsDueRestsAWhileToo() {
    work.askFails = true;
    assertThat(guarded.nextDueMillis(NOW_MILLIS)).isEqualTo(AFTER_PAUSE_MILLIS);
    guarded.run(NOW_MILLIS + 1);
    assertThat(work.runs).isZero();
    work.askFails = false;
    assertThat(guarded.nextDueMillis(AFTER_PAUSE_MILLIS)).isEqualTo(5);
  }
}
