package io.moiety.client;

import io.moiety.protocol.SysFlag;

/** A producer's word on a half message. */
public enum Resolution {
  COMMIT(SysFlag.TRANSACTION_COMMIT),
  ROLLBACK(SysFlag.TRANSACTION_ROLLBACK),
  /** Not known here: ask again later, or ask another of the group. */
  UNKNOWN(SysFlag.TRANSACTION_NONE),
  /**
   * The transaction is still active here: ask again later. As an answer to a check that check does
   * not count towards those after which the half message is put aside.
   */
  ACTIVE(SysFlag.TRANSACTION_NONE);

  private final int wireValue;

  Resolution(int wireValue) {
    this.wireValue = wireValue;
  }

  int wireValue() {
    return wireValue;
  }
}
