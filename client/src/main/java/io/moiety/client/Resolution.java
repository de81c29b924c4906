package io.moiety.client;

import io.moiety.protocol.SysFlag;

/** A producer's word on a half message. */
public enum Resolution {
  COMMIT(SysFlag.TRANSACTION_COMMIT),
  ROLLBACK(SysFlag.TRANSACTION_ROLLBACK),
  /** Not decided yet: ask again later. */
  UNKNOWN(SysFlag.TRANSACTION_NONE);

  private final int wireValue;

  Resolution(int wireValue) {
    this.wireValue = wireValue;
  }

  int wireValue() {
    return wireValue;
  }
}
