package io.moiety.jms;

import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** Who acknowledges what a session receives, outside of transactions. */
enum AcknowledgeMode {
  AUTO(Session.AUTO_ACKNOWLEDGE),
  CLIENT(Session.CLIENT_ACKNOWLEDGE),
  DUPS_OK(Session.DUPS_OK_ACKNOWLEDGE),
  TRANSACTED(Session.SESSION_TRANSACTED);

  private final int code;

  AcknowledgeMode(int code) {
    this.code = code;
  }

  /** As {@link Session} numbers it. */
  int code() {
    return code;
  }

  static AcknowledgeMode of(int code) throws JMSException {
    for (AcknowledgeMode mode : values()) {
      if (mode.code == code) {
        return mode;
      }
    }
    throw new JMSException(
        "Session mode "
            + code
            + " is unknown; allowed are SESSION_TRANSACTED (0), AUTO_ACKNOWLEDGE (1), CLIENT_ACKNOWLEDGE (2) and"
            + " DUPS_OK_ACKNOWLEDGE (3)");
  }
}
