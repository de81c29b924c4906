package io.moiety.broker.index;

import java.util.function.UnaryOperator;

/**
 * The parts of the index as of now: changed by the store turn (buffers) and the view thread (runs),
 * read by any thread. The lock is held for the change alone, which touches no file.
 */
final class SharedParts {
  private volatile IndexParts parts;

  SharedParts(IndexParts parts) {
    this.parts = parts;
  }

  IndexParts get() {
    return parts;
  }

  /** The parts before the change. */
  synchronized IndexParts change(UnaryOperator<IndexParts> change) {
    IndexParts before = parts;
    parts = change.apply(before);
    return before;
  }
}
