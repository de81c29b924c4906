package io.moiety.broker.delivery;

import java.util.List;
import java.util.Optional;

/** Takes the answer to a receive: exactly one call, in the store turn. */
public interface ReceiveAnswer {
  /** At least one message. */
  void messages(List<Delivered> messages);

  /**
   * There is nothing, definitely.
   *
   * @param stopped why there is nothing although messages wait: the group is at a bound
   */
  void nothing(Optional<String> stopped);

  void refused(Refusal refusal);
}
