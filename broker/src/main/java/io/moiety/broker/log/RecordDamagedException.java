package io.moiety.broker.log;

import org.jspecify.annotations.Nullable;

/**
 * What lies at a position is not the record that should lie there, or nothing lies there any more.
 */
public sealed class RecordDamagedException extends RuntimeException permits RecordGoneException {

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
