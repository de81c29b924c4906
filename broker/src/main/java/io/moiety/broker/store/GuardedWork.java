package io.moiety.broker.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Work whose failure stops neither the others nor, by being due for ever, the machine: it rests a
 * while then, whether it failed as it ran or as it was asked when it is due.
 *
 * <p>Owner: the store turn.
 */
final class GuardedWork {
  static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;

  private static final Logger LOG = System.getLogger(GuardedWork.class.getName());

  private final DueWork work;
  private long pausedUntilMillis;

  GuardedWork(DueWork work) {
    this.work = work;
  }

  void run(long nowMillis) {
    if (nowMillis < pausedUntilMillis) {
      return;
    }
    try {
      work.run(nowMillis);
    } catch (RuntimeException failure) {
      pause(nowMillis, failure);
    }
  }

  long nextDueMillis(long nowMillis) {
    if (nowMillis >= pausedUntilMillis) {
      try {
        return work.nextDueMillis();
      } catch (RuntimeException failure) {
        pause(nowMillis, failure);
      }
    }
    return pausedUntilMillis;
  }

  private void pause(long nowMillis, RuntimeException failure) {
    LOG.log(Level.ERROR, "Work of " + work.getClass().getSimpleName() + " failed", failure);
    pausedUntilMillis = nowMillis + PAUSE_AFTER_FAILURE_MILLIS;
  }
}
