package io.moiety.broker.log;

/** The time that records are stamped with. The only place where the log reads a clock. */
@FunctionalInterface
public interface LogClock {

  /** Milliseconds since 1970. It may go backwards; the log's store timestamps do not follow it. */
  long nowMillis();

  /** The clock of this machine. */
  static LogClock system() {
    return System::currentTimeMillis;
  }
}
