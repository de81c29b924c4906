package io.moiety.broker.transaction;

import io.moiety.broker.store.RecordSpan;

/**
 * A half message that is neither committed nor rolled back.
 *
 * @param position byte address of the half record as it was sent, its name in every protocol step
 * @param storedPosition where it lies now: there, or where it was carried to
 * @param queueOffset its offset in the half queue
 * @param uniqueKey the producer's id of the message, empty when it gave none
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
    String uniqueKey,
    int checks,
    long nextCheckMillis,
    long askMillis)
    implements Comparable<HalfMessage> {

  /** As the log says that it is checked. */
  HalfMessage checked(int newChecks, long newNextCheckMillis) {
    return new HalfMessage(
        position,
        storedPosition,
        sizeBytes,
        queueOffset,
        producerGroup,
        uniqueKey,
        newChecks,
        newNextCheckMillis,
        newNextCheckMillis);
  }

  /** The same, to be asked about later; a restart forgets that. */
  HalfMessage postponed(long newAskMillis) {
    return new HalfMessage(
        position,
        storedPosition,
        sizeBytes,
        queueOffset,
        producerGroup,
        uniqueKey,
        checks,
        nextCheckMillis,
        newAskMillis);
  }

  /** The same, of which the log has a copy elsewhere. */
  HalfMessage carriedTo(long newStoredPosition, int newSizeBytes) {
    return new HalfMessage(
        position,
        newStoredPosition,
        newSizeBytes,
        queueOffset,
        producerGroup,
        uniqueKey,
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

  @Override
  public int compareTo(HalfMessage other) {
    int order = Long.compare(askMillis, other.askMillis);
    return order != 0 ? order : Long.compare(position, other.position);
  }
}
