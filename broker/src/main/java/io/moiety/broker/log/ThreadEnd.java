package io.moiety.broker.log;

import java.util.concurrent.TimeUnit;

/** Waits for one of the log's threads to end, however often the caller is interrupted. */
final class ThreadEnd {

  private static final int WAIT_SECONDS = 60;

  private ThreadEnd() {}

  /**
   * @throws IllegalStateException when the thread is still there after a minute: a disk that does
   *     not answer
   */
  static void await(Thread thread) {
    boolean interrupted = Thread.interrupted();
    try {
      boolean ended = false;
      for (int second = 0; second < WAIT_SECONDS && !ended; ) {
        try {
          thread.join(TimeUnit.SECONDS.toMillis(1));
          second++;
        } catch (InterruptedException e) {
          interrupted = true;
        }
        ended = !thread.isAlive();
      }
      if (!ended) {
        throw new IllegalStateException(
            thread.getName()
                + " did not end within "
                + WAIT_SECONDS
                + " s: the disk does not answer");
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
