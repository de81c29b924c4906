package io.moiety.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether a session may deliver at the moment, and whether it does. Its lock is the session's one
 * lock: it also guards the session's {@link Inbox}es. It is held for moments only, never while an
 * application or the network is waited for.
 *
 * <p>Thread-safe; methods that say so want the lock held.
 */
final class DeliveryGate {

  private static final long MAX_WAIT_MILLIS = 60_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean started;
  private boolean closed;

  /**
   * Messages that were taken from an inbox and are not yet done with: in a listener, or on their
   * way out of a receive.
   */
  private int busy;

  /** The thread that is inside a listener. */
  private @Nullable Thread listening;

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** With the lock held. */
  boolean isStarted() {
    return started;
  }

  /** With the lock held. */
  boolean isClosed() {
    return closed;
  }

  /** With the lock held: something changed that waiting threads look at. */
  void signal() {
    changed.signalAll();
  }

  /** With the lock held: waits for a {@link #signal}, or nothing; to be called in a loop. */
  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
  void await() throws InterruptedException {
    changed.await();
  }

  /** The same, not longer than to the deadline. */
  @SuppressWarnings({
    "WaitNotInLoop",
    "ReturnValueIgnored"
  }) // The loop, and the clock, are the caller's.
  void await(Deadline deadline) throws InterruptedException {
    changed.await(deadline.remainingMillis(MAX_WAIT_MILLIS), TimeUnit.MILLISECONDS);
  }

  /** With the lock held: waits for a {@link #signal} whatever happens; to be called in a loop. */
  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
  void awaitUninterruptibly() {
    changed.awaitUninterruptibly();
  }

  /** With the lock held: a message leaves its inbox. */
  void enter() {
    busy++;
  }

  /** The message of {@link #enter} is done with. */
  void leave() {
    lock.lock();
    try {
      busy--;
      signal();
    } finally {
      lock.unlock();
    }
  }

  void enterListener() {
    lock.lock();
    try {
      listening = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  void leaveListener() {
    lock.lock();
    try {
      listening = null;
    } finally {
      lock.unlock();
    }
  }

  boolean isInListener() {
    lock.lock();
    try {
      return listening == Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  void requireNotInListener(String call) throws JMSException {
    if (isInListener()) {
      throw new IllegalStateException(
          call
              + " from a message listener of its own would wait for itself; call it from another thread");
    }
  }

  void start() {
    lock.lock();
    try {
      started = true;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /** When it returns, nothing is being delivered. */
  void stop() {
    lock.lock();
    try {
      started = false;
      signal();
      awaitIdle();
    } finally {
      lock.unlock();
    }
  }

  /** Ends waiting receives; when it returns, nothing is being delivered and nothing will be. */
  void close() {
    lock.lock();
    try {
      closed = true;
      signal();
      awaitIdle();
    } finally {
      lock.unlock();
    }
  }

  /** As long as the application's listener takes: the specification wants it waited for. */
  private void awaitIdle() {
    while (busy > 0) {
      changed.awaitUninterruptibly();
    }
  }
}
