package io.moiety.broker.store;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Reader threads of a test: read at once, or when the test says so, or take nothing. */
public final class HeldReads implements Executor {
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  private boolean full;

  /** From now on reads wait for {@link #readOne}. */
  public void hold() {
    holding = true;
  }

  /** From now on there is no room for more reads. */
  public void full() {
    full = true;
  }

  @Override
  public void execute(Runnable read) {
    if (full) {
      throw new RejectedExecutionException("the test takes no more reads");
    }
    if (holding) {
      held.add(read);
    } else {
      read.run();
    }
  }

  /** False when no read waits. */
  public boolean readOne() {
    Runnable first = held.poll();
    if (first != null) {
      first.run();
    }
    return first != null;
  }

  /** Until none waits, those too that come of others. */
  public void readAll() {
    boolean read;
    do {
      read = readOne();
    } while (read);
  }

  public int waiting() {
    return held.size();
  }
}
