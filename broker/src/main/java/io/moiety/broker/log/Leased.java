package io.moiety.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Something that readers use while its owner may end it: it is closed when it was ended and the
 * last lease is back, by whoever is last. Any thread.
 */
final class Leased<T extends Closeable> {

  private static final Logger LOG = System.getLogger(Leased.class.getName());
  private static final int ENDED = Integer.MIN_VALUE;

  private final T thing;

  /** How many leases are out; with {@link #ENDED} added once no more are given. */
  private final AtomicInteger leases = new AtomicInteger();

  Leased(T thing) {
    this.thing = thing;
  }

  /** A lease, to be given back; null when it is ended. */
  @Nullable T take() {
    int count = leases.get();
    while (count >= 0) {
      int seen = leases.compareAndExchange(count, count + 1);
      if (seen == count) {
        return thing;
      }
      count = seen;
    }
    return null;
  }

  void giveBack() {
    if (leases.decrementAndGet() == ENDED) {
      close();
    }
  }

  /** Gives no more leases. A second call does nothing. */
  void end() {
    if (leases.getAndUpdate(count -> count | ENDED) == 0) {
      close();
    }
  }

  /** For the owner, who alone ends it: needs no lease. */
  T owned() {
    return thing;
  }

  private void close() {
    try {
      thing.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "A file of the log that is not used any more cannot be closed", e);
    }
  }
}
