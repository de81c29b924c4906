package io.moiety.ra.work;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import jakarta.resource.spi.work.WorkAdapter;
import jakarta.resource.spi.work.WorkEvent;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.util.Optional;
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
      if (closed) {
        // Activations are ended before their adapter; what comes later is not wanted any more.
        LOGGER.log(DEBUG, "Not run after the resource adapter was stopped", cancelled);
      } else {
        LOGGER.log(
            ERROR,
            "The server has ended the resource adapter's timer, so message-driven beans, check-backs"
                + " and reconnects stand still. Restart the resource adapter, by redeploying it or"
                + " with the server",
            cancelled);
      }
    }
  }

  private void submit(Runnable task) {
    if (closed) {
      return;
    }
    ContainerWork work = new ContainerWork(task);
    try {
      workManager.scheduleWork(work, WorkManager.INDEFINITE, null, new Refusals(work));
    } catch (WorkException | RuntimeException | Error refused) {
      // Whatever it is: the timer's thread must not end by it, since everything waits for that.
      again(work, refused);
    }
  }

  /** Unless the task has begun; refused twice, by exception and by event, it is tried once. */
  private void again(ContainerWork refused, Throwable reason) {
    Optional<Runnable> task = refused.take();
    if (task.isEmpty() || closed) {
      return;
    }
    LOGGER.log(
        WARNING,
        "The server''s work manager takes no work at the moment; trying again in {0} ms. If this"
            + " goes on, give it more threads or lower maxConcurrency: {1}",
        RETRY_DELAY_MILLIS,
        reason);
    executeAfter(RETRY_DELAY_MILLIS, task.get());
  }

  /** Tasks that have not begun are dropped. */
  @Override
  public void close() {
    closed = true;
    timer.cancel();
  }

  /** What becomes of work that the server has accepted. */
  private final class Refusals extends WorkAdapter {

    private final ContainerWork work;

    Refusals(ContainerWork work) {
      this.work = work;
    }

    @Override
    public void workRejected(WorkEvent event) {
      again(work, event.getException());
    }

    /** With an exception of the server's before the task, or of the task. */
    @Override
    public void workCompleted(WorkEvent event) {
      WorkException failure = event.getException();
      if (failure == null) {
        return;
      }
      if (work.isTaken()) {
        LOGGER.log(WARNING, "A task of the resource adapter failed", failure);
      } else {
        again(work, failure);
      }
    }
  }
}
