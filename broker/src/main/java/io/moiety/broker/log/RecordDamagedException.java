package io.moiety.broker.log;

import org.jspecify.annotations.Nullable;

/** What lies at a position is not the record that should lie there. */
public final class RecordDamagedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final long position;

  RecordDamagedException(long position, String what, @Nullable Throwable cause) {
    super("No valid record at position " + position + " of the log: " + what, cause);
    this.position = position;
  }

  public long position() {
    return position;
  }
}
