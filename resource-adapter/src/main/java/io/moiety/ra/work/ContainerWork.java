package io.moiety.ra.work;

import jakarta.resource.spi.work.Work;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A task as the server runs it, once. It lets go of the task as soon as somebody has it: servers'
 * idle threads keep their last work, which would keep the task's bean with it.
 *
 * <p>Thread-safe: whoever takes the task first has it alone.
 */
final class ContainerWork implements Work {

  private final AtomicReference<@Nullable Runnable> task;

  ContainerWork(Runnable task) {
    this.task = new AtomicReference<>(task);
  }

  /** Empty when it has begun, was taken, or is not wanted any more. */
  Optional<Runnable> take() {
    return Optional.ofNullable(task.getAndSet(null));
  }

  boolean isTaken() {
    return task.get() == null;
  }

  @Override
  public void run() {
    take().ifPresent(Runnable::run);
  }

  /**
   * Called when the server stops, or when the work is over. What runs is not interrupted:
   * activations end their work themselves, within a bounded time.
   */
  @Override
  public void release() {
    task.set(null);
  }
}
