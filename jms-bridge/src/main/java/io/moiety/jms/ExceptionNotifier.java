package io.moiety.jms;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a connection's exception listener, one exception at a time, on a thread that is neither the
 * network's nor a session's: the listener may close the connection, which those could not. The
 * thread is one of somebody else's, as an application server wants it, or an own one that ends when
 * idle.
 *
 * <p>Thread-safe: its monitor protects what is waiting to be told; the listener is called without
 * it.
 */
final class ExceptionNotifier {

  private static final System.Logger LOGGER = System.getLogger(ExceptionNotifier.class.getName());
  private static final int MAX_WAITING = 100;
  private static final long IDLE_SECONDS = 1;

  private final Executor executor;
  private final Runnable release;
  private final Queue<JMSException> waiting = new ArrayDeque<>();
  private boolean telling;
  private boolean closed;
  private volatile @Nullable ExceptionListener listener;

  private ExceptionNotifier(Executor executor, Runnable release) {
    this.executor = executor;
    this.release = release;
  }

  /** Calls the listener in tasks of the executor. */
  static ExceptionNotifier on(Executor executor) {
    return new ExceptionNotifier(executor, () -> {});
  }

  /** Calls the listener on a thread of that name. */
  static ExceptionNotifier onOwnThread(String name) {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
    return new ExceptionNotifier(thread, thread::shutdown);
  }

  @Nullable ExceptionListener listener() {
    return listener;
  }

  void setListener(@Nullable ExceptionListener listener) {
    this.listener = listener;
  }

  void tell(JMSException failure) {
    synchronized (this) {
      if (closed || waiting.size() >= MAX_WAITING) {
        LOGGER.log(closed ? DEBUG : WARNING, "Not told to the exception listener", failure);
        return;
      }
      waiting.add(failure);
      if (telling) {
        return;
      }
      telling = true;
    }
    try {
      executor.execute(this::tellAll);
    } catch (RejectedExecutionException refused) {
      synchronized (this) {
        telling = false;
        waiting.clear();
      }
      LOGGER.log(WARNING, "Not told to the exception listener, for want of a thread", failure);
    }
  }

  private void tellAll() {
    for (JMSException next = next(); next != null; next = next()) {
      call(next);
    }
  }

  private synchronized @Nullable JMSException next() {
    JMSException next = waiting.poll();
    telling = next != null;
    return next;
  }

  private void call(JMSException failure) {
    ExceptionListener current = listener;
    if (current == null) {
      LOGGER.log(WARNING, "A connection without exception listener failed", failure);
      return;
    }
    try {
      current.onException(failure);
    } catch (RuntimeException thrown) {
      // The listener's own failure.
      LOGGER.log(WARNING, "An exception listener threw", thrown);
    }
  }

  /** Nothing more is accepted; what is waiting is told, and not waited for. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    release.run();
  }
}
