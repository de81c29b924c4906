package io.moiety.broker.transaction;

import io.moiety.broker.store.RecordSpan;

/**
 * A half message that is neither committed nor rolled back. What else is to be known of it, as its
 * producer's id, its record tells.
 *
 * @param position byte address of the half record as it was sent, its name in every protocol step
 * @param storedPosition where it lies now: there, or where it was carried to
 * @param queueOffset its offset in the half queue
 * @param checks delivered checks so far
 * @param nextCheckMillis when its producers are to be asked (again), as the log says
 * @param askMillis when they are asked in this run, which may be later
 */
record HalfMessage(
    long position,
    long storedPosition,
    int sizeBytes,
    long queueOffset,
    String producerGroup,
    int checks,
    long nextCheckMillis,
    long askMillis) {

  /** As the log says that it is checked. */
  HalfMessage checked(int newChecks, long newNextCheckMillis) {
    return new HalfMessage(
        position,
        storedPosition,
        sizeBytes,
        queueOffset,
        producerGroup,
        newChecks,
        newNextCheckMillis,
        newNextCheckMillis);
  }

  /** The same, of which the log has a copy elsewhere. */
  HalfMessage carriedTo(long newStoredPosition, int newSizeBytes) {
    return new HalfMessage(
        position,
        newStoredPosition,
        newSizeBytes,
        queueOffset,
        producerGroup,
        checks,
        nextCheckMillis,
        askMillis);
  }

  /** As every run knows it: to be asked about when the log says. */
  HalfMessage asLogged() {
    return checked(checks, nextCheckMillis);
  }

  /** The same, with an equal name of the group. */
  HalfMessage ofGroup(String sameGroup) {
    return new HalfMessage(
        position,
        storedPosition,
        sizeBytes,
        queueOffset,
        sameGroup,
        checks,
        nextCheckMillis,
        askMillis);
  }

  /** Where it lies now. */
  RecordSpan span() {
    return new RecordSpan(storedPosition, sizeBytes);
  }

  long endPosition() {
    return storedPosition + sizeBytes;
  }
}
