package io.moiety.broker.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Does file work for a caller whose thread may be interrupted: an interrupt closes the file channel
 * that a thread is in. The work runs on a thread that nobody else knows, and the caller waits for
 * it, keeping an interrupt for later.
 */
public final class FileThread {

  private FileThread() {}

  /** Returns what {@code work} returns; an {@link IOException} comes back unchecked. */
  public static <T> T call(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw unchecked(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException exception) {
      return exception;
    }
    if (cause instanceof IOException exception) {
      return new UncheckedIOException(exception.getMessage(), exception);
    }
    return new IllegalStateException(cause);
  }
}
