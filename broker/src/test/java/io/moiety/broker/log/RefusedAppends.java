package io.moiety.broker.log;

/** Makes the exception of a log that takes nothing, for tests of those who append. */
public final class RefusedAppends {
  private RefusedAppends() {}

  public static AppendRefusedException because(String reason) {
    return new AppendRefusedException(PutStatus.SERVICE_NOT_AVAILABLE, reason);
  }

  /** The record itself is the reason. */
  public static AppendRefusedException tooLarge() {
    return new AppendRefusedException(PutStatus.MESSAGE_ILLEGAL, "the record is too large");
  }
}
