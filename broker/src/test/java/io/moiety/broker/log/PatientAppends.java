package io.moiety.broker.log;

import io.moiety.protocol.RecordDraft;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Appends as a producer does that is told to try again: tests are faster than a disk. */
final class PatientAppends {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private PatientAppends() {}

  static Appended append(CommitLog log, RecordDraft draft) {
    long startNanos = System.nanoTime();
    while (true) {
      try {
        return log.append(draft);
      } catch (AppendRefusedException refused) {
        if (refused.status() != PutStatus.OS_PAGE_CACHE_BUSY
            || System.nanoTime() - startNanos > PATIENCE_NANOS) {
          throw refused;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
