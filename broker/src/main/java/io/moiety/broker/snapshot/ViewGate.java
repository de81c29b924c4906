package io.moiety.broker.snapshot;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.StoreGate;
import java.util.function.BooleanSupplier;

/**
 * Refuses messages while the files of the views do not keep up, so that what waits in memory for
 * the view thread is bounded, and everything after its failure. Thread-safe.
 */
public final class ViewGate implements StoreGate {
  private final ViewFileThread thread;
  private final BooleanSupplier behind;

  /**
   * A gate for one store.
   *
   * @param behind whether too much waits to be written
   */
  public ViewGate(ViewFileThread thread, BooleanSupplier behind) {
    this.thread = thread;
    this.behind = behind;
  }

  @Override
  public void beforeFact() {
    if (thread.failed()) {
      throw new AppendRefusedException(
          PutStatus.SERVICE_NOT_AVAILABLE,
          "the store takes nothing since the files of its views could not be written (%s); restart the broker when the disk is well"
              .formatted(thread.failure().map(Throwable::getMessage).orElse("")));
    }
  }

  @Override
  public void beforeMessage() {
    beforeFact();
    if (behind.getAsBoolean()) {
      throw new AppendRefusedException(
          PutStatus.OS_PAGE_CACHE_BUSY,
          "the disk does not take the views of what is stored already: send again later");
    }
  }
}
