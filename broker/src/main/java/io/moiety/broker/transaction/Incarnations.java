package io.moiety.broker.transaction;

/**
 * Numbers for branches that are never used again: the boot number of the broker, then a counter.
 * The boot number is in the log before anything of that run, so that a run whose boot record was
 * lost has left nothing that could be mixed up.
 *
 * <p>Owner: the store turn.
 */
public final class Incarnations {
  private final long base;
  private long counter;

  public Incarnations(int bootNumber) {
    this.base = (long) bootNumber << Integer.SIZE;
  }

  long next() {
    if (counter == 0xFFFF_FFFFL) {
      throw new IllegalStateException("all incarnations of this run are used: restart the broker");
    }
    return base | ++counter;
  }
}
