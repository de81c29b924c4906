package io.moiety.broker.log;

/** The record was there, and its segment has been deleted: not damage. */
public final class RecordGoneException extends RecordDamagedException {

  private static final long serialVersionUID = 1;

  RecordGoneException(long position, long firstPosition) {
    super(position, "it was deleted; the log begins at " + firstPosition, null);
  }
}
