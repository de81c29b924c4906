package io.moiety.broker.store;

/** Work that becomes due by time alone. Store turn only; bounded in one run. */
public interface DueWork {
  /** Does what is due. */
  void run(long nowMillis);

  /** When there is something to do, or {@code Long.MAX_VALUE}. */
  long nextDueMillis();
}
