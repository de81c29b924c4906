package io.moiety.broker.store;

import io.moiety.protocol.RecordView;
import java.util.function.Consumer;

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

  /**
   * Everything that the view derived from the log, as a value: two views that know the same have
   * equal ones. What only this run knows is not in it. For comparison, not for use.
   */
  default Object state() {
    return "";
  }

  /**
   * Says the state that comes from facts as facts again, for the base: applied in this order after
   * {@link #clearFacts}, they give the same state. State that comes from messages is not said.
   */
  default void sayFacts(Consumer<SystemRecord> base) {}

  /**
   * What the view knows of a record that is carried forward and that the record does not say: its
   * copy says it in {@link Carried#known}. So it goes with no segment, and need not be in a base.
   * Empty when there is nothing, or when the record is another view's.
   */
  default String knownOf(RecordView carried) {
    return "";
  }

  /** A complete base follows: forgets everything that came from facts. During replay only. */
  default void clearFacts() {}

  /**
   * The log begins at this position from now on: forgets what only older records said. At run time
   * after segments were deleted, and at the end of a replay.
   */
  default void forgetBefore(long firstPosition) {}
}
