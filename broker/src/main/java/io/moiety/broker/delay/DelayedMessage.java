package io.moiety.broker.delay;

import io.moiety.broker.store.Carried;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A delayed message as its waiting record tells of it: which it is, and what a person wants to see.
 * Whether it still waits, {@link PendingDelays} knows. Any thread may make one of a record that it
 * found.
 *
 * @param waitingTopic the system topic where it waits; with queue id and queue offset there this is
 *     its identity, also when it is carried forward
 * @param originPosition byte address of the waiting record as it was first stored, which its sender
 *     was answered with
 * @param dueMillis when it is to be delivered
 * @param level its delay level; empty for an exact time
 * @param realTopic where it will be delivered, with the queue there
 * @param uniqueKey its sender's name for it; empty when it gave none
 * @param keys as its sender set them; empty without
 * @param storedMillis when it was stored
 */
public record DelayedMessage(
    String waitingTopic,
    int queueId,
    long queueOffset,
    long originPosition,
    long dueMillis,
    OptionalInt level,
    String realTopic,
    int realQueueId,
    String uniqueKey,
    String keys,
    int bodyBytes,
    long bornMillis,
    long storedMillis) {

  /** What a record tells; empty when it is none of a delayed message that waits or waited. */
  public static Optional<DelayedMessage> of(RecordView record) {
    boolean onLevel = record.topic().equals(SystemTopics.SCHEDULE);
    if (!onLevel && !record.topic().equals(SystemTopics.TIMER)) {
      return Optional.empty();
    }
    MessageProperties properties = record.properties();
    Carried origin = Carried.origin(record);
    return Optional.of(
        new DelayedMessage(
            record.topic(),
            record.queueId(),
            record.queueOffset(),
            origin.position(),
            properties.get(PropertyNames.TIMER_OUT_MS).map(Long::parseLong).orElse(0L),
            onLevel ? OptionalInt.of(record.queueId() + 1) : OptionalInt.empty(),
            properties.get(PropertyNames.REAL_TOPIC).orElse(""),
            properties.get(PropertyNames.REAL_QUEUE_ID).map(Integer::parseInt).orElse(0),
            properties.get(PropertyNames.UNIQUE_KEY).orElse(""),
            properties.get(PropertyNames.KEYS).orElse(""),
            record.body().remaining(),
            record.bornTimestampMillis(),
            origin.storeTimestampMillis()));
  }

  /** Of which message that waited a record is the delivered copy, by its origin position. */
  public static OptionalLong deliveredFrom(RecordView record) {
    return record.property(PropertyNames.DUE_OF).flatMap(DueMarker::parse).stream()
        .mapToLong(DueMarker::position)
        .findFirst();
  }

  /**
   * Those of the messages with one key that one send left. A repeated send left several, which wait
   * together. Who consumes a message may send it on, delayed again, under the key that it has: that
   * one was stored when the first had been delivered, and is another message.
   *
   * @param named one of them
   * @param copyPositions where the delivered copies lie that are known, by the origin position of
   *     the message: it may have been delivered before its time
   */
  public static List<DelayedMessage> ofOneSend(
      DelayedMessage named, List<DelayedMessage> ofOneKey, Map<Long, Long> copyPositions) {
    return ofOneKey.stream()
        .filter(message -> !message.endedBefore(named, copyPositions))
        .filter(message -> !named.endedBefore(message, copyPositions))
        .toList();
  }

  private boolean endedBefore(DelayedMessage other, Map<Long, Long> copyPositions) {
    Long copyPosition = copyPositions.get(originPosition);
    return dueMillis <= other.storedMillis
        || (copyPosition != null && copyPosition < other.originPosition);
  }

  /** What the log says when it is never to be delivered. */
  SystemRecord.DelayCancelled cancelled() {
    return new SystemRecord.DelayCancelled(
        waitingTopic, queueId, queueOffset, dueMillis, originPosition);
  }
}
