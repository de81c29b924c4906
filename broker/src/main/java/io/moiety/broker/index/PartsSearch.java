package io.moiety.broker.index;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * Goes through all parts of the index for one hash, while the store turn adds pairs and the view
 * thread writes, merges and drops files: those that it reads are held open. Separate from {@link
 * KeyIndex}, which belongs to the turn.
 *
 * <p>Any thread but an application's, since it reads files. No state of its own.
 */
final class PartsSearch {
  private static final Logger LOG = System.getLogger(PartsSearch.class.getName());

  private final SharedParts parts;
  private final Consumer<RunDamagedException> damaged;

  /**
   * A search.
   *
   * @param damaged told of a file that cannot be read, which is then passed over
   */
  PartsSearch(SharedParts parts, Consumer<RunDamagedException> damaged) {
    this.parts = parts;
    this.damaged = damaged;
  }

  /** Shows the positions of a hash, the newest first, until the visitor has seen enough. */
  void newestFirst(long keyHash, PositionVisitor visitor) {
    IndexParts held = acquire();
    try {
      boolean more = held.filling().newestFirst(keyHash, visitor);
      for (int i = held.full().size() - 1; more && i >= 0; i--) {
        more = held.full().get(i).newestFirst(keyHash, visitor);
      }
      for (int i = held.runs().size() - 1; more && i >= 0; i--) {
        more = newestFirst(held.runs().get(i), keyHash, visitor);
      }
    } finally {
      held.runs().forEach(PartsSearch::release);
    }
  }

  private boolean newestFirst(KeyRun run, long keyHash, PositionVisitor visitor) {
    try {
      return run.newestFirst(keyHash, visitor);
    } catch (RunDamagedException damage) {
      damaged.accept(damage);
      return true;
    }
  }

  /** The parts, with every file held open. A run is given up only after it has left the parts. */
  private IndexParts acquire() {
    while (true) {
      IndexParts now = parts.get();
      int held = 0;
      while (held < now.runs().size() && now.runs().get(held).acquire()) {
        held++;
      }
      if (held == now.runs().size()) {
        return now;
      }
      now.runs().subList(0, held).forEach(PartsSearch::release);
    }
  }

  /** Lets a file go that was held. */
  static void release(KeyRun run) {
    try {
      run.release();
    } catch (IOException failure) {
      LOG.log(Level.WARNING, run.name() + " of the key index cannot be closed", failure);
    }
  }
}
