package io.moiety.broker.transaction;

import io.moiety.broker.store.RecordSpan;

/**
 * A half message that is neither committed nor rolled back: open, or parked. What else is to be
 * known of it, as its producer's id, its record tells.
 *
 * @param position byte address of the half record as it was sent, its name in every protocol step
 * @param storedPosition where it lies now: there, where it was carried to, or where it was parked
 * @param queueOffset its offset in the half queue
 * @param checks delivered checks so far that count
 * @param asked whether the log tells of a check, also of one that does not count any more
 * @param nextCheckMillis when its producers are to be asked (again), as the log says; the greatest
 *     number of a parked one
 * @param askMillis when they are asked in this run, which may be later
 */
record HalfMessage(
    long position,
    long storedPosition,
    int sizeBytes,
    long queueOffset,
    String producerGroup,
    int checks,
    boolean asked,
    long nextCheckMillis,
    long askMillis) {

  /** One that was never asked about. */
  static HalfMessage fresh(
      HalfIdentity identity, RecordSpan stored, String producerGroup, long firstCheckMillis) {
    return new HalfMessage(
        identity.position(),
        stored.position(),
        stored.sizeBytes(),
        identity.queueOffset(),
        producerGroup,
        0,
        false,
        firstCheckMillis,
        firstCheckMillis);
  }

  /** One that is out of the way of the checks. */
  static HalfMessage parked(HalfIdentity identity, RecordSpan stored, String producerGroup) {
    return fresh(identity, stored, producerGroup, Long.MAX_VALUE);
  }

  /** As the log says that it is checked. */
  HalfMessage checked(int newChecks, long newNextCheckMillis) {
    return new HalfMessage(
        position,
        storedPosition,
        sizeBytes,
        queueOffset,
        producerGroup,
        newChecks,
        true,
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
        asked,
        nextCheckMillis,
        askMillis);
  }

  /** As every run knows it: to be asked about when the log says. */
  HalfMessage asLogged() {
    return new HalfMessage(
        position,
        storedPosition,
        sizeBytes,
        queueOffset,
        producerGroup,
        checks,
        asked,
        nextCheckMillis,
        nextCheckMillis);
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
        asked,
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
