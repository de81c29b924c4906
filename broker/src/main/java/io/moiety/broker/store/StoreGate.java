package io.moiety.broker.store;

import io.moiety.broker.log.AppendRefusedException;

/**
 * Whether the store may take more, as far as the files of its views go. Store turn only.
 *
 * <p>Both throw {@link AppendRefusedException} when it may not.
 */
public interface StoreGate {

  /** Before a fact is appended. */
  void beforeFact();

  /** Before a message is appended, which needs room in the views. */
  void beforeMessage();

  /** The gate of views that have no files. */
  static StoreGate open() {
    return new StoreGate() {
      @Override
      public void beforeFact() {}

      @Override
      public void beforeMessage() {}
    };
  }
}
