package io.moiety.broker.transaction;

import io.moiety.broker.log.PutStatus;

/** What an administrator's decision ends with. */
public sealed interface AdministratorAnswer {
  /**
   * Done and durable.
   *
   * @param state what the transaction is now
   */
  record Done(String state) implements AdministratorAnswer {}

  /** The state of things forbids it. */
  record Refused(String reason) implements AdministratorAnswer {}

  /** There is no such transaction, or the broker does not remember it. */
  record NotFound(String reason) implements AdministratorAnswer {}

  /** It is in the log, and whether it is durable or complete is not known. */
  record Unclear(String reason) implements AdministratorAnswer {}

  static AdministratorAnswer of(PutStatus outcome, String state) {
    return outcome == PutStatus.PUT_OK
        ? new Done(state)
        : new Unclear(
            "whether it is "
                + state
                + " is not known: the disk answered "
                + outcome
                + "; ask again");
  }

  static AdministratorAnswer of(XaAnswer answer, String state) {
    return answer instanceof XaAnswer.Refused refused
        ? new Unclear(refused.refusal().reason())
        : new Done(state);
  }
}
