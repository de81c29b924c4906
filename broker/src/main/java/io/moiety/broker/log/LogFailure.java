package io.moiety.broker.log;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Why the log takes no more appends: the first failed write or force, or the first record that what
 * follows the log could not follow; for good. After a failed force, the kernel may have dropped
 * what it could not write and may call it clean, so that a later success would prove nothing. Any
 * thread.
 */
final class LogFailure {

  private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
  private volatile Runnable reporter = () -> {};

  /** Sets who is woken to report a failure; before the log is used. */
  void reportBy(Runnable newReporter) {
    reporter = newReporter;
  }

  /** Records {@code failure} unless there was one before. */
  void raise(Throwable failure) {
    if (cause.compareAndSet(null, failure)) {
      reporter.run();
    }
  }

  Optional<Throwable> cause() {
    return Optional.ofNullable(cause.get());
  }

  boolean raised() {
    return cause.get() != null;
  }
}
