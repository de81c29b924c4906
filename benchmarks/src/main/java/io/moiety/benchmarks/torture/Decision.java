package io.moiety.benchmarks.torture;

/** What an application decided about a transaction, as the database beside the broker knows it. */
enum Decision {
  /** Nothing yet; for ever, when its process died. */
  NONE(0),
  COMMIT(1),
  ROLLBACK(2),
  /** Left open on purpose: to be listed until the end of the run. */
  OPEN(3);

  private final int code;

  Decision(int code) {
    this.code = code;
  }

  /** In the file of decisions, where zeros are between what was written. */
  byte code() {
    return (byte) code;
  }

  static Decision ofCode(byte code) {
    for (Decision decision : values()) {
      if (decision.code == code) {
        return decision;
      }
    }
    throw new IllegalArgumentException("there is no decision " + code);
  }
}
