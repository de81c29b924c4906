package io.moiety.ra;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a start has begun so far. Unless the start succeeds, it is ended again, the last first. Used
 * by one thread.
 */
final class Startup implements AutoCloseable {

  private final Deque<Runnable> ends = new ArrayDeque<>();

  /**
   * Something more.
   *
   * @param end without harm when something that began later has ended it already
   */
  void began(Runnable end) {
    ends.push(end);
  }

  /** What was begun lives on. */
  void succeeded() {
    ends.clear();
  }

  /** All of it, also when ending something fails. */
  @Override
  public void close() {
    if (!ends.isEmpty()) {
      try {
        ends.pop().run();
      } finally {
        close();
      }
    }
  }
}
