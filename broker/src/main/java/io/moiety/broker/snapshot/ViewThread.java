package io.moiety.broker.snapshot;

import io.moiety.broker.log.ForceFailedException;
import java.util.concurrent.Executor;

/**
 * Where the files of the views are written and forced: one thread, in the order of the tasks.
 *
 * <p>A task that throws an {@link java.io.UncheckedIOException} is run again each second, since the
 * disk may be full; so it must bear that. A failed force ({@link ForceFailedException}), or
 * anything else that a task throws, ends the thread for good: the store then takes nothing more
 * until it is started again, from the last snapshot or from the log.
 */
public interface ViewThread extends Executor {

  /** Whether a task failed, so that nothing more is written. */
  boolean failed();

  /** Tasks that wait; the turn refuses new messages above a bound. */
  int waiting();
}
