package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;

import io.moiety.client.CheckBack;
import io.moiety.client.HalfMessage;
import io.moiety.client.Resolution;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * The questions of a broker that wait for a thread. A few are answered at once, so that one that
 * hangs in the database holds up no other, and so that they take few connections of the
 * application's pool. What comes when the queue is full is put off, uncounted; so is what is asked
 * again while the first answer is still looked for, since a broker counts what is not answered by
 * its next check.
 *
 * <p>Thread-safe: its lock protects queue and count; nothing foreign is called under it.
 */
final class CheckQueue {

  private static final System.Logger LOGGER = System.getLogger(CheckQueue.class.getName());
  private static final int MAX_WAITING = 1_000;
  private static final int MAX_WORKERS = 4;

  private final Tasks tasks;
  private final Function<CheckBack, Resolution> answers;
  private final Queue<CheckBack> waiting = new ArrayDeque<>();

  /** Waiting, or in the hands of a worker. */
  private final Set<HalfMessage> pending = new HashSet<>();

  private int workers;

  /**
   * @param answers decides; may block
   */
  CheckQueue(Tasks tasks, Function<CheckBack, Resolution> answers) {
    this.tasks = tasks;
    this.answers = answers;
  }

  /** On the event loop, so it does not block. */
  void add(CheckBack check) {
    boolean putOff;
    boolean newWorker = false;
    synchronized (waiting) {
      putOff = waiting.size() >= MAX_WAITING || !pending.add(check.half());
      if (!putOff) {
        waiting.add(check);
        newWorker = workers < MAX_WORKERS;
        workers += newWorker ? 1 : 0;
      }
    }
    if (putOff) {
      answer(check, Resolution.ACTIVE);
    } else if (newWorker) {
      tasks.execute(this::work);
    }
  }

  private void work() {
    for (Optional<CheckBack> check = next(); check.isPresent(); check = next()) {
      Resolution resolution = judge(check.get());
      synchronized (waiting) {
        pending.remove(check.get().half());
      }
      answer(check.get(), resolution);
    }
  }

  /** The last worker leaves with the lock in hand, so that nothing is left lying. */
  private Optional<CheckBack> next() {
    synchronized (waiting) {
      Optional<CheckBack> check = Optional.ofNullable(waiting.poll());
      workers -= check.isEmpty() ? 1 : 0;
      return check;
    }
  }

  private Resolution judge(CheckBack check) {
    try {
      return answers.apply(check);
    } catch (RuntimeException | Error failure) {
      // Of a pool, a driver or a bean; the worker has others to answer. It decides nothing, so it
      // does not count towards the checks either.
      LOGGER.log(ERROR, "A check-back could not be answered; the broker asks again", failure);
      return Resolution.ACTIVE;
    }
  }

  private static void answer(CheckBack check, Resolution resolution) {
    check
        .answer(resolution)
        .whenComplete(
            (taken, failure) -> {
              if (failure != null) {
                LOGGER.log(DEBUG, "The answer to a check-back got lost; it comes again", failure);
              }
            });
  }
}
