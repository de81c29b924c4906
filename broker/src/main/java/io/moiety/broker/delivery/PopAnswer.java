package io.moiety.broker.delivery;

import java.util.List;

/** Takes the answer to a POP: exactly one call, in the store turn. */
public interface PopAnswer {
  /**
   * At least one message.
   *
   * @param popTimeMillis names this pop in the handles
   * @param rest messages that the group has not acknowledged, about
   */
  void messages(List<Delivered> messages, long popTimeMillis, long rest);

  /** The wait is over. */
  void nothing();

  void refused(Refusal refusal);
}
