package io.moiety.ra.inbound;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Whether a bean takes messages. After many failures one after the other it takes none for a while,
 * since the next ones would most likely fail too: their database is away, say. Afterwards one more
 * failure is enough to pause again, until a message was taken. An administrator may pause it too,
 * and resume it.
 *
 * <p>Thread-safe: its lock protects all its state; nothing foreign is called under it.
 */
final class PauseGate {

  private final int pauseAfterFailures;
  private final Object lock = new Object();
  private final List<Runnable> waiting = new ArrayList<>();
  private int failures;
  private boolean paused;

  /** Tells a pause from a later one. */
  private long pauseNumber;

  /**
   * @param pauseAfterFailures 0 for no pause by itself
   */
  PauseGate(int pauseAfterFailures) {
    this.pauseAfterFailures = pauseAfterFailures;
  }

  boolean isPaused() {
    synchronized (lock) {
      return paused;
    }
  }

  int consecutiveFailures() {
    synchronized (lock) {
      return failures;
    }
  }

  /** Keeps what goes on with the next message until it may; false when it may at once. */
  boolean holds(Runnable next) {
    synchronized (lock) {
      return paused && waiting.add(next);
    }
  }

  void taken() {
    synchronized (lock) {
      failures = 0;
    }
  }

  /** The number of the pause that the failure begins, for its end; empty when it begins none. */
  OptionalLong failed() {
    synchronized (lock) {
      failures++;
      return pauseAfterFailures > 0 && failures >= pauseAfterFailures && !paused
          ? OptionalLong.of(begin())
          : OptionalLong.empty();
    }
  }

  /** By an administrator, who ends it too: a pause that failures began goes on without its end. */
  void pause() {
    synchronized (lock) {
      begin();
    }
  }

  private long begin() {
    paused = true;
    return ++pauseNumber;
  }

  /** What waits is of a connection that is lost; another one begins by itself. */
  void forget() {
    synchronized (lock) {
      waiting.clear();
    }
  }

  /** Ends this pause, unless it has ended already; returns what waits for that. */
  List<Runnable> resumeAfter(long number) {
    synchronized (lock) {
      if (!paused || number != pauseNumber) {
        return List.of();
      }
      failures = Math.max(0, pauseAfterFailures - 1);
      return release();
    }
  }

  /** Ends any pause; returns what waits for that. */
  List<Runnable> resume() {
    synchronized (lock) {
      failures = 0;
      return release();
    }
  }

  private List<Runnable> release() {
    paused = false;
    List<Runnable> released = List.copyOf(waiting);
    waiting.clear();
    return released;
  }
}
