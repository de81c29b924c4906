package io.moiety.compatibility;

import java.util.Locale;
import org.junit.jupiter.api.Assumptions;

/** Which broker this run judges: {@code -Dmoiety.judged=moiety} or {@code original}. */
enum Judged {
  MOIETY,
  ORIGINAL;

  static Judged current() {
    return valueOf(System.getProperty("moiety.judged", "moiety").toUpperCase(Locale.ROOT));
  }

  /**
   * Says that what follows does not hold on the original, and why. The report of a run against the
   * original shows the case as skipped with this reason; on Moiety nothing is ever skipped.
   */
  static void knownDefectOfTheOriginal(String reason) {
    Assumptions.assumeTrue(current() == MOIETY, "known defect of the original: " + reason);
  }

  /** As {@link #knownDefectOfTheOriginal}, of what is Moiety's choice and no defect of either. */
  static void differsOnTheOriginal(String reason) {
    Assumptions.assumeTrue(current() == MOIETY, "the original differs: " + reason);
  }
}
