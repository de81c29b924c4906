package io.moiety.jms;

import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a connection's exception listener, one exception at a time, on a thread of its own that
 * ends when idle: the listener may close the connection, which a thread of the network or of a
 * session could not. Thread-safe.
 */
final class ExceptionNotifier {

  private static final System.Logger LOGGER = System.getLogger(ExceptionNotifier.class.getName());
  private static final int MAX_WAITING = 100;
  private static final long IDLE_SECONDS = 1;

  private final ThreadPoolExecutor thread;
  private volatile @Nullable ExceptionListener listener;

  ExceptionNotifier(String name) {
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  @Nullable ExceptionListener listener() {
    return listener;
  }

  void setListener(@Nullable ExceptionListener listener) {
    this.listener = listener;
  }

  void tell(JMSException failure) {
    try {
      thread.execute(() -> call(failure));
    } catch (RejectedExecutionException closedOrFlooded) {
      LOGGER.log(
          thread.isShutdown() ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
          "Not told to the exception listener",
          failure);
    }
  }

  private void call(JMSException failure) {
    ExceptionListener current = listener;
    if (current == null) {
      LOGGER.log(
          System.Logger.Level.WARNING, "A connection without exception listener failed", failure);
      return;
    }
    try {
      current.onException(failure);
    } catch (RuntimeException thrown) {
      // The listener's own failure.
      LOGGER.log(System.Logger.Level.WARNING, "An exception listener threw", thrown);
    }
  }

  /** Nothing more is told; what is being told is not waited for. */
  void close() {
    thread.shutdown();
  }
}
