package io.moiety.broker.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what the log told. */
final class LoggedEvents implements LogEvents {

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private volatile long durablePosition;

  @Override
  public void durableAdvanced(long newDurablePosition) {
    if (newDurablePosition <= durablePosition) {
      throw new IllegalStateException(durablePosition + " is followed by " + newDurablePosition);
    }
    durablePosition = newDurablePosition;
  }

  @Override
  public void failed(Throwable cause) {
    failures.add(cause);
  }

  long durable() {
    return durablePosition;
  }

  List<Throwable> failures() {
    return failures;
  }
}
