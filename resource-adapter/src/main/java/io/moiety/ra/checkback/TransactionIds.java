package io.moiety.ra.checkback;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names transactions by UUIDs of version 7, each greater than the one before. So new rows lie side
 * by side at the end of the table's indexes, where random ids would touch, and write to the
 * database's log, a page of its own for each.
 *
 * <p>What differs between nodes and runs are 62 random bits, drawn once. Thread-safe.
 */
final class TransactionIds {

  private static final int COUNTER_BITS = 12;
  private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 1L << 63;

  private final Clock clock;
  private final long node;

  /** Milliseconds, and a counter below them that goes on into the next when it is full. */
  private final AtomicLong last = new AtomicLong();

  TransactionIds(Clock clock) {
    this.clock = clock;
    node = VARIANT | (new SecureRandom().nextLong() >>> 2);
  }

  String next() {
    long earliest = clock.millis() << COUNTER_BITS;
    long mine = last.updateAndGet(before -> Math.max(before + 1, earliest));
    long millis = mine >>> COUNTER_BITS;
    return new UUID((millis << 16) | VERSION_7 | (mine & COUNTER_MASK), node).toString();
  }
}
