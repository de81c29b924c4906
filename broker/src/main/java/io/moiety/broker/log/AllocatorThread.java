package io.moiety.broker.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Runs the allocator: rests between steps so that it does not take the disk from the flush thread,
 * hurries when appends come near, tries again after a while when the disk is full.
 *
 * <p>{@code lock} protects the flags only; steps run outside of it.
 */
final class AllocatorThread implements Preparation {

  private static final Logger LOG = System.getLogger(AllocatorThread.class.getName());

  /** Rest after a failed step: soon enough when room comes back, seldom enough to cost nothing. */
  private static final long RETRY_MILLIS = 1_000;

  private final SegmentAllocator allocator;
  private final LogFailure failure;
  private final long pauseMillis;
  private final long waitMillis;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition stepped = lock.newCondition();
  private boolean woken;
  private boolean awaited;
  private boolean closing;

  /** Whether the last step failed, which is said in the log once. */
  private boolean stuck;

  AllocatorThread(SegmentAllocator allocator, LogConfig config, LogFailure failure) {
    this.allocator = allocator;
    this.failure = failure;
    this.pauseMillis = config.allocationPauseMillis();
    this.waitMillis = config.allocationWaitMillis();
    this.thread = new Thread(this::run, "moiety-log-allocator");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public void wake() {
    lock.lock();
    try {
      woken = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean await(BooleanSupplier ready) {
    if (ready.getAsBoolean()) {
      return true;
    }
    boolean interrupted = false;
    lock.lock();
    try {
      awaited = true;
      woken = true;
      work.signal();
      long restNanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
      while (!ready.getAsBoolean() && restNanos > 0 && !stuck && !closing) {
        try {
          restNanos = stepped.awaitNanos(restNanos);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      awaited = false;
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return ready.getAsBoolean();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      work.signal();
      stepped.signalAll();
    } finally {
      lock.unlock();
    }
    ThreadEnd.await(thread);
  }

  private void run() {
    try (allocator) {
      while (goesOn()) {
        SegmentAllocator.Step step = allocator.step();
        tell(step);
        rest(step);
      }
    } catch (IOException | RuntimeException | Error e) {
      // The top of the thread: without it the log would run out of segments without a word.
      failure.raise(e);
    }
  }

  private boolean goesOn() {
    lock.lock();
    try {
      return !closing && !failure.raised();
    } finally {
      lock.unlock();
    }
  }

  private void tell(SegmentAllocator.Step step) {
    lock.lock();
    try {
      boolean failed = step == SegmentAllocator.Step.FAILED;
      if (failed && !stuck) {
        LOG.log(
            Level.ERROR,
            "No room can be prepared for the log: {0}. Producers are refused until there is.",
            allocator.obstacle().orElse("unknown"));
      }
      stuck = failed;
      stepped.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void rest(SegmentAllocator.Step step) {
    boolean hurried = allocator.hurried();
    lock.lock();
    try {
      switch (step) {
        case IDLE -> {
          while (!woken && !closing) {
            work.awaitUninterruptibly();
          }
        }
        case WORKED -> {
          if (!hurried && !awaited) {
            pause(pauseMillis);
          }
        }
        case FAILED -> pause(RETRY_MILLIS);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }

  /** Sits out the whole time unless the log is closed: refused appends must not shorten it. */
  private void pause(long millis) {
    try {
      long restNanos = TimeUnit.MILLISECONDS.toNanos(millis);
      while (restNanos > 0 && !closing) {
        restNanos = work.awaitNanos(restNanos);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the allocator thread", e);
    }
  }
}
