package io.moiety.broker.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who may change the state of the broker: one task after the other, in the order they came.
 *
 * <p>Flat combining: whoever brings a task and finds nobody at work takes the turn and works off
 * what others bring meanwhile. So a task usually runs on the event loop that decoded it, without a
 * hand-off to another thread, and one end-of-batch step (one force, one timer) serves many tasks.
 *
 * <p>Thread-safe. The lock protects everything that tasks touch; it is never held while waiting,
 * but for the last task ({@link #runHere}).
 */
public final class StoreTurn {
  private static final Logger LOG = System.getLogger(StoreTurn.class.getName());
  private static final int BATCH_TASKS = 256;

  /** What one thread does for others at a stretch before it goes back to its own work. */
  private static final int MAX_BATCHES = 64;

  private final ReentrantLock turn = new ReentrantLock();
  private final ArrayBlockingQueue<Runnable> requests;
  private final Queue<Runnable> internal = new ConcurrentLinkedQueue<>();
  private final Runnable endOfBatch;
  private final Runnable relief;

  /**
   * A turn that nobody has yet.
   *
   * @param capacity requests that may wait; one more is refused
   * @param endOfBatch runs in the turn after every batch of tasks
   * @param relief asks another thread to {@link #post} soon, since this one has done enough
   */
  public StoreTurn(int capacity, Runnable endOfBatch, Runnable relief) {
    this.requests = new ArrayBlockingQueue<>(capacity);
    this.endOfBatch = endOfBatch;
    this.relief = relief;
  }

  /** Brings a request. False when too many wait: the answer is {@code SYSTEM_BUSY}. */
  public boolean offer(Runnable task) {
    boolean taken = leave(task);
    if (taken) {
      takeUp();
    }
    return taken;
  }

  /** As {@link #offer}, for one who brings more and then calls {@link #takeUp}. */
  public boolean leave(Runnable task) {
    return requests.offer(task);
  }

  /** Works off what was left here, or leaves it to whoever has the turn. */
  public void takeUp() {
    work();
  }

  /**
   * Brings a task of the broker itself, which cannot be refused. Bounded by its sources: one for a
   * timer, one for a force, one for each connection that closes, one for each read ahead.
   */
  public void post(Runnable task) {
    internal.add(task);
    work();
  }

  /**
   * Waits for the turn and runs a task on the calling thread, after everything of the broker's own
   * that was brought before. For the end of the store: the task may wait for threads that bring
   * tasks themselves, so none of these must be the one that runs it.
   */
  public void runHere(Runnable task) {
    turn.lock();
    try {
      for (Runnable before = internal.poll(); before != null; before = internal.poll()) {
        run(before);
      }
      run(task);
    } finally {
      turn.unlock();
    }
  }

  /** Requests that wait now. */
  public int waiting() {
    return requests.size();
  }

  /** True on the thread that has the turn. */
  public boolean isMine() {
    return turn.isHeldByCurrentThread();
  }

  private void work() {
    int batches = 0;
    while (hasTasks() && !isMine() && turn.tryLock()) {
      try {
        drainBatch();
      } finally {
        turn.unlock();
      }
      batches++;
      if (batches >= MAX_BATCHES && hasTasks()) {
        relief.run();
        return;
      }
    }
  }

  private boolean hasTasks() {
    return !requests.isEmpty() || !internal.isEmpty();
  }

  private void drainBatch() {
    for (int i = 0; i < BATCH_TASKS; i++) {
      Runnable task = internal.poll();
      if (task == null) {
        task = requests.poll();
      }
      if (task == null) {
        break;
      }
      run(task);
    }
    run(endOfBatch);
  }

  /** A broad catch, since the next task has no part in this one's failure. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error failure) {
      LOG.log(Level.ERROR, "A task of the store failed; the next ones go on", failure);
    }
  }
}
