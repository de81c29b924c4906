package io.moiety.broker.log;

import java.util.function.BooleanSupplier;

/** Gets segments prepared while the store turn appends. The turn's side of the allocator thread. */
interface Preparation extends AutoCloseable {

  /** There may be something to prepare. */
  void wake();

  /**
   * Waits, for a bounded time, until {@code ready} says so. An interrupt is kept for later.
   *
   * @return what {@code ready} says in the end
   */
  boolean await(BooleanSupplier ready);

  /** No segment is prepared once this returns. */
  @Override
  void close();
}
