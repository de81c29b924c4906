package io.moiety.broker.snapshot;

import io.moiety.broker.log.ForceFailedException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The view thread of a running broker. A task that cannot write, as on a full disk, is tried again
 * each second while the others wait; any other failure, as of a force, is final.
 *
 * <p>Thread-safe. Bounded by its sources: one task of the {@link BlockFile} waits at a time, and
 * one snapshot.
 */
public final class ViewFileThread implements ViewThread, AutoCloseable {
  private static final Logger LOG = System.getLogger(ViewFileThread.class.getName());
  private static final long RETRY_MILLIS = 1_000;
  private static final long END_SECONDS = 60;

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Consumer<Throwable> failureListener;
  private final Thread thread;
  private volatile Optional<Throwable> failure = Optional.empty();

  private ViewFileThread(Consumer<Throwable> failureListener) {
    this.failureListener = failureListener;
    this.thread = new Thread(this::run, "moiety-views");
    thread.setDaemon(true);
  }

  /**
   * Starts the thread.
   *
   * @param failureListener told once, on the thread, that nothing is written any more
   */
  public static ViewFileThread start(Consumer<Throwable> failureListener) {
    ViewFileThread views = new ViewFileThread(failureListener);
    views.thread.start();
    return views;
  }

  /** A task that comes after the failure, or after the end, is dropped. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean failed() {
    return failure.isPresent();
  }

  /** What ended the writing. */
  Optional<Throwable> failure() {
    return failure;
  }

  @Override
  public int waiting() {
    return tasks.size();
  }

  /**
   * Waits until everything that was brought before is done, for a bounded time, and ends the
   * thread. What cannot be written is given up, since the log has it all.
   */
  @Override
  public void close() {
    closing.countDown();
    tasks.add(() -> {}); // Wakes the thread; what is brought later may stay undone.
    boolean interrupted = false;
    try {
      long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
      long leftNanos = deadlineNanos - System.nanoTime();
      while (thread.isAlive() && leftNanos > 0) {
        try {
          TimeUnit.NANOSECONDS.timedJoin(thread, leftNanos);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        leftNanos = deadlineNanos - System.nanoTime();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (thread.isAlive()) {
      LOG.log(Level.WARNING, "The disk does not take the views; the next start reads the log");
    }
  }

  private void run() {
    try {
      while (!failed()) {
        Runnable task = isClosing() ? tasks.poll() : tasks.take();
        if (task == null) {
          return;
        }
        perform(task);
      }
    } catch (InterruptedException e) {
      fail(e);
    }
  }

  /** A broad catch: whatever it is, what comes after could not be relied on. */
  private void perform(Runnable task) throws InterruptedException {
    boolean told = false;
    while (true) {
      try {
        task.run();
        return;
      } catch (UncheckedIOException unwritten) {
        if (unwritten.getCause() instanceof ForceFailedException forceFailed) {
          fail(forceFailed);
          return;
        }
        if (!told) {
          LOG.log(
              Level.WARNING,
              "The files of the views cannot be written and will be tried again: {0}",
              unwritten.getMessage());
          told = true;
        }
        if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          fail(unwritten);
          return;
        }
      } catch (RuntimeException | Error fault) {
        fail(fault);
        return;
      }
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void fail(Throwable cause) {
    failure = Optional.of(cause);
    if (!isClosing()) {
      failureListener.accept(cause);
    }
  }
}
