package io.moiety.broker.store;

/**
 * State that is derived from the log: built by applying records in log order, at run time right
 * after each append and at start by replay. A view never appends and never writes another view.
 *
 * <p>Owner: the store turn.
 */
public interface View {
  /** A record of any topic but {@link io.moiety.protocol.SystemTopics#STATE} was appended. */
  default void applyMessage(LoggedRecord record) {}

  /** A fact was appended. */
  default void applyFact(SystemRecord fact, LoggedRecord record) {}
}
