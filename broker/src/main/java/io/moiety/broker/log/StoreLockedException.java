package io.moiety.broker.log;

import java.nio.file.Path;
import java.util.Optional;

/** Another broker has this store open. */
public final class StoreLockedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Optional<StoreHolder> holder;

  StoreLockedException(Path directory, Optional<StoreHolder> holder) {
    super(
        "The store "
            + directory
            + " is in use by "
            + holder.map(StoreHolder::describe).orElse("another broker")
            + ". Stop that broker, connect to it, or use another directory.");
    this.holder = holder;
  }

  /** Who has it, when that could be read. */
  public Optional<StoreHolder> holder() {
    return holder;
  }
}
