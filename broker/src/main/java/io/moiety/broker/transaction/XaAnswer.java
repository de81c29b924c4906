package io.moiety.broker.transaction;

/** What a branch operation ends with. */
public sealed interface XaAnswer {
  /** Done, and as durable as it has to be. */
  record Ok() implements XaAnswer {}

  /** {@code XA_RDONLY}: there was nothing to prepare and the branch is gone. */
  record ReadOnly() implements XaAnswer {}

  record Refused(XaRefusal refusal) implements XaAnswer {}

  static XaAnswer refused(int xaError, String reason) {
    return new Refused(new XaRefusal(xaError, reason));
  }
}
