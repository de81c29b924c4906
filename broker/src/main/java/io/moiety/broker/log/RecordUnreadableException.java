package io.moiety.broker.log;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The disk, or the limit of open files, does not let a record be read now. That says nothing about
 * the record: whoever needs it keeps it and tries again.
 */
public final class RecordUnreadableException extends UncheckedIOException {

  private static final long serialVersionUID = 1;

  RecordUnreadableException(long position, IOException cause) {
    super(
        "The record at position "
            + position
            + " of the log cannot be read now: "
            + cause.getMessage(),
        cause);
  }
}
