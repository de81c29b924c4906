package io.moiety.broker;

/** What a start makes of a transaction, by the words that docs/transactions.md has for it. */
enum CrashOutcome {
  NOTHING("nothing is there"),
  OPEN("open"),
  PARKED("parked"),
  UNKNOWN("rolled back, unknown"),
  PREPARED("prepared"),
  ROLLED_BACK("rolled back"),
  DELAYED("committed, delayed"),
  COMMITTED("committed");

  final String text;

  CrashOutcome(String text) {
    this.text = text;
  }

  static CrashOutcome of(String text) {
    for (CrashOutcome outcome : values()) {
      if (outcome.text.equals(text)) {
        return outcome;
      }
    }
    throw new AssertionError("there is no outcome '" + text + "'");
  }
}
