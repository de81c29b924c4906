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
 * hurries when appends come near, tries again after a while when the disk is full. It also looks
 * once a second how much room the disk has.
 *
 * <p>{@code lock} protects the flags only; steps run outside of it.
 */
final class AllocatorThread implements Preparation {

  private static final Logger LOG = System.getLogger(AllocatorThread.class.getName());

  /** Rest after a failed step: soon enough when room comes back, seldom enough to cost nothing. */
  private static final long RETRY_MILLIS = 1_000;

  private static final long MEASURE_MILLIS = 1_000;

  private final SegmentAllocator allocator;
  private final DiskGauge gauge;
  private final LogFailure failure;
  private final long pauseMillis;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private boolean woken;
  private boolean roomMade;
  private boolean closing;

  /** Whether the last step failed, which is said in the log once. */
  private boolean stuck;

  AllocatorThread(
      SegmentAllocator allocator, DiskGauge gauge, LogConfig config, LogFailure failure) {
    this.allocator = allocator;
    this.gauge = gauge;
    this.failure = failure;
    this.pauseMillis = config.allocationPauseMillis();
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
  public void wakeForRoom() {
    lock.lock();
    try {
      woken = true;
      roomMade = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    ThreadEnd.await(thread);
  }

  private void run() {
    try (allocator) {
      long measuredNanos = System.nanoTime();
      while (goesOn()) {
        SegmentAllocator.Step step = allocator.step();
        tell(step);
        rest(step);
        if (System.nanoTime() - measuredNanos >= TimeUnit.MILLISECONDS.toNanos(MEASURE_MILLIS)) {
          gauge.measure();
          measuredNanos = System.nanoTime();
        }
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
    boolean failed = step == SegmentAllocator.Step.FAILED;
    if (failed && !stuck) {
      LOG.log(
          Level.ERROR,
          "No room can be prepared for the log: {0}. Producers are refused until there is.",
          allocator.obstacle().orElse("unknown"));
    }
    stuck = failed;
  }

  private void rest(SegmentAllocator.Step step) {
    boolean hurried = allocator.hurried();
    lock.lock();
    try {
      switch (step) {
        case IDLE -> restUntilWoken();
        case WORKED -> {
          if (!hurried) {
            pause(pauseMillis, () -> woken && allocator.hurried());
          }
        }
        case FAILED -> pause(RETRY_MILLIS, () -> roomMade);
      }
      woken = false;
      roomMade = false;
    } finally {
      lock.unlock();
    }
  }

  private void restUntilWoken() {
    try {
      long restNanos = TimeUnit.MILLISECONDS.toNanos(MEASURE_MILLIS);
      while (restNanos > 0 && !woken && !closing) {
        restNanos = work.awaitNanos(restNanos);
      }
    } catch (InterruptedException e) {
      throw nobodyInterrupts(e);
    }
  }

  /** After a failure only room ends it early: refused appends must not. */
  private void pause(long millis, BooleanSupplier over) {
    try {
      long restNanos = TimeUnit.MILLISECONDS.toNanos(millis);
      while (restNanos > 0 && !closing && !over.getAsBoolean()) {
        restNanos = work.awaitNanos(restNanos);
      }
    } catch (InterruptedException e) {
      throw nobodyInterrupts(e);
    }
  }

  private static IllegalStateException nobodyInterrupts(InterruptedException e) {
    return new IllegalStateException("nobody interrupts the allocator thread", e);
  }
}
