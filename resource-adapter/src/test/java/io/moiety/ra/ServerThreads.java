package io.moiety.ra;

import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs work on threads of its own and says how much is running. */
public final class ServerThreads implements WorkManager, AutoCloseable {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();

  public int running() {
    return running.get();
  }

  /** The next so many pieces of work are not taken. */
  public void refuse(int count) {
    refusals.set(count);
  }

  @Override
  public void scheduleWork(Work work) {
    if (refusals.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
      throw new IllegalStateException("no threads at the moment");
    }
    running.incrementAndGet();
    threads.execute(
        () -> {
          try {
            work.run();
          } finally {
            running.decrementAndGet();
          }
        });
  }

  @Override
  public void scheduleWork(
      Work work, long startTimeout, ExecutionContext context, WorkListener listener) {
    scheduleWork(work);
  }

  @Override
  public void doWork(Work work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void doWork(
      Work work, long startTimeout, ExecutionContext context, WorkListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long startWork(Work work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long startWork(
      Work work, long startTimeout, ExecutionContext context, WorkListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
