package io.moiety.broker.server;

import io.moiety.protocol.ResponseCode;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Brings the work of requests that reads files to the reader threads, and answers for them when
 * they take no more. Thread-safe.
 */
final class OnReaders {

  private final Executor readers;

  /**
   * The way to reader threads.
   *
   * @param readers refuses when too much waits
   */
  OnReaders(Executor readers) {
    this.readers = readers;
  }

  /** Runs the work of one request; an exception from it becomes the answer. */
  void run(Reply reply, Runnable work) {
    try {
      readers.execute(
          () -> {
            try {
              work.run();
            } catch (RuntimeException failure) {
              // Broad, since a request without an answer would be worse than any of them.
              reply.fail(failure);
            }
          });
    } catch (RejectedExecutionException full) {
      reply.fail(ResponseCode.SYSTEM_BUSY, "too many reads wait: ask again later");
    }
  }
}
