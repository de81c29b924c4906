package io.moiety.broker.snapshot;

import java.util.concurrent.Executor;

/**
 * Where the files of the views are written and forced: one thread, in the order of the tasks. The
 * first task that fails ends it: the views go on in memory, no further snapshot is written, and the
 * next start rebuilds from the last one or from the log.
 */
public interface ViewThread extends Executor {

  /** Whether a task failed, so that nothing more is written. */
  boolean failed();

  /** Tasks that wait; the turn refuses new messages above a bound. */
  int waiting();
}
