package io.moiety.ra;

import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkAdapter;
import jakarta.resource.spi.work.WorkCompletedException;
import jakarta.resource.spi.work.WorkEvent;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import jakarta.resource.spi.work.WorkRejectedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs work on threads of its own and says how much is running. */
public final class ServerThreads implements WorkManager, AutoCloseable {

  /** How a server may not run a piece of work. */
  public enum Refusal {
    EXCEPTION,
    ERROR,
    /** Of what it has accepted. */
    REJECTION,
    /** Of what it has accepted and begun, before the work's own code. */
    FAILURE
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicReference<@Nullable Work> last = new AtomicReference<>();
  private final Deque<Refusal> refusals = new ArrayDeque<>();

  public int running() {
    return running.get();
  }

  /** The next pieces of work are not taken, each in its way. */
  public void refuse(Refusal... ways) {
    synchronized (refusals) {
      for (Refusal way : ways) {
        refusals.add(way);
      }
    }
  }

  /** What an idle thread may go on keeping. */
  public @Nullable Work last() {
    return last.get();
  }

  private @Nullable Refusal nextRefusal() {
    synchronized (refusals) {
      return refusals.poll();
    }
  }

  @Override
  public void scheduleWork(Work work) {
    scheduleWork(work, INDEFINITE, null, new WorkAdapter());
  }

  @Override
  public void scheduleWork(
      Work work, long startTimeout, @Nullable ExecutionContext context, WorkListener listener) {
    Refusal refusal = nextRefusal();
    if (refusal == Refusal.EXCEPTION) {
      throw new IllegalStateException("no threads at the moment");
    }
    if (refusal == Refusal.ERROR) {
      throw new NoClassDefFoundError("of the server's");
    }
    listener.workAccepted(event(WorkEvent.WORK_ACCEPTED, work, null));
    if (refusal == Refusal.REJECTION) {
      listener.workRejected(
          event(WorkEvent.WORK_REJECTED, work, new WorkRejectedException("too late")));
      return;
    }
    if (refusal == Refusal.FAILURE) {
      listener.workCompleted(
          event(WorkEvent.WORK_COMPLETED, work, new WorkCompletedException("no context")));
      return;
    }
    running.incrementAndGet();
    threads.execute(() -> run(work, listener));
  }

  private void run(Work work, WorkListener listener) {
    try {
      work.run();
      listener.workCompleted(event(WorkEvent.WORK_COMPLETED, work, null));
    } catch (RuntimeException failure) {
      listener.workCompleted(
          event(WorkEvent.WORK_COMPLETED, work, new WorkCompletedException(failure)));
    } finally {
      last.set(work);
      running.decrementAndGet();
    }
  }

  private WorkEvent event(int type, Work work, @Nullable WorkException failure) {
    return new WorkEvent(this, type, work, failure);
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
