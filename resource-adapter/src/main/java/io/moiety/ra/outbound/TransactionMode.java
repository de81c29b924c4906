package io.moiety.ra.outbound;

import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import java.util.Arrays;
import java.util.Locale;

/** How the messages of a connection factory take part in the application's transactions. */
enum TransactionMode {
  /** As a resource of its own: messages and databases are prepared and committed together. */
  XA(TransactionSupportLevel.XATransaction),
  /**
   * With one ordinary data source, without XA: the data source's outcome is that of the messages.
   * The server sees no resource.
   */
  CHECK_BACK(TransactionSupportLevel.NoTransaction),
  /** Not at all: messages are sent and received at once. */
  NONE(TransactionSupportLevel.NoTransaction);

  private final TransactionSupportLevel level;

  TransactionMode(TransactionSupportLevel level) {
    this.level = level;
  }

  TransactionSupportLevel level() {
    return level;
  }

  static TransactionMode parse(String text) {
    for (TransactionMode mode : values()) {
      if (mode.name().equals(text.trim().toUpperCase(Locale.ROOT))) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "transactionMode = " + text + "; allowed: " + Arrays.toString(values()));
  }
}
