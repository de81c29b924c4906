package io.moiety.broker.transaction;

/**
 * A half message that is neither committed nor rolled back.
 *
 * @param position byte address of the half record, its name in every protocol step
 * @param queueOffset its offset in the half queue
 * @param uniqueKey the producer's id of the message, empty when it gave none
 * @param checks delivered checks so far
 * @param nextCheckMillis when its producers are asked (again)
 */
record HalfMessage(
    long position,
    int sizeBytes,
    long queueOffset,
    String producerGroup,
    String uniqueKey,
    int checks,
    long nextCheckMillis)
    implements Comparable<HalfMessage> {

  HalfMessage checked(int newChecks, long newNextCheckMillis) {
    return new HalfMessage(
        position, sizeBytes, queueOffset, producerGroup, uniqueKey, newChecks, newNextCheckMillis);
  }

  long endPosition() {
    return position + sizeBytes;
  }

  @Override
  public int compareTo(HalfMessage other) {
    int order = Long.compare(nextCheckMillis, other.nextCheckMillis);
    return order != 0 ? order : Long.compare(position, other.position);
  }
}
