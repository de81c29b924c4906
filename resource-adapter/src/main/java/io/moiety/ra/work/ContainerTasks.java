package io.moiety.ra.work;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.util.Timer;
import java.util.TimerTask;

/**
 * Runs tasks on the server's threads, now or later. Waiting holds none of them: the server's timer
 * submits the work, since a full work manager may block who submits, and that must not be a thread
 * of the network.
 *
 * <p>Thread-safe.
 */
public final class ContainerTasks implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(ContainerTasks.class.getName());
  private static final long RETRY_DELAY_MILLIS = 1_000;

  private final WorkManager workManager;
  private final Timer timer;
  private volatile boolean closed;

  /**
   * @param timer of the server's, which is cancelled at the end
   */
  public ContainerTasks(WorkManager workManager, Timer timer) {
    this.workManager = workManager;
    this.timer = timer;
  }

  public void execute(Runnable task) {
    executeAfter(0, task);
  }

  public void executeAfter(long delayMillis, Runnable task) {
    try {
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              submit(task);
            }
          },
          delayMillis);
    } catch (IllegalStateException cancelled) {
      // Activations are ended before their adapter; what comes later is not wanted any more.
      LOGGER.log(DEBUG, "Not run after the resource adapter was stopped", cancelled);
    }
  }

  private void submit(Runnable task) {
    if (closed) {
      return;
    }
    try {
      workManager.scheduleWork(new ContainerWork(task));
    } catch (WorkException | RuntimeException refused) {
      // Whatever it is: the timer's thread must not end by it, since everything waits for that.
      LOGGER.log(
          WARNING,
          "The server's work manager takes no work at the moment; trying again in "
              + RETRY_DELAY_MILLIS
              + " ms. If this goes on, give it more threads or lower maxConcurrency: "
              + refused.getMessage());
      executeAfter(RETRY_DELAY_MILLIS, task);
    }
  }

  /** Tasks that have not begun are dropped. */
  @Override
  public void close() {
    closed = true;
    timer.cancel();
  }

  private record ContainerWork(Runnable task) implements Work {

    @Override
    public void run() {
      task.run();
    }

    /** Activations end their work themselves, within a bounded time. */
    @Override
    public void release() {}
  }
}
