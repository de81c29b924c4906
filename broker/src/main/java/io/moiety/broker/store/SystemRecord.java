package io.moiety.broker.store;

import io.moiety.protocol.BranchXid;
import java.util.List;
import java.util.Map;

/**
 * A fact that is no message: stored as the body of a record on {@link
 * io.moiety.protocol.SystemTopics#STATE}, see {@link SystemRecordCodec} for the bytes.
 */
public sealed interface SystemRecord {

  /** The broker was started; {@code bootNumber} is never used again and begins incarnations. */
  record BrokerStarted(String storeUuid, int bootNumber, long atMillis) implements SystemRecord {}

  /** A topic was created or changed. */
  record TopicSet(TopicConfig topic) implements SystemRecord {}

  /** A topic and everything that groups knew of it is gone. */
  record TopicDeleted(String topic) implements SystemRecord {}

  /** A group was created or changed. */
  record GroupSet(GroupConfig group) implements SystemRecord {}

  /** A group with its ledgers is gone. */
  record GroupDeleted(String group) implements SystemRecord {}

  /** Classic offsets that changed: the next queue offset that a group will read. */
  record OffsetsCommitted(List<CommittedOffset> offsets) implements SystemRecord {}

  /** One classic offset; it also is a subscription's position at its creation. */
  record CommittedOffset(String group, String topic, int queueId, long nextOffset) {}

  /** Messages that groups are done with. */
  record Acknowledged(List<AckRange> ranges) implements SystemRecord {}

  /** How often messages that went back to their place were handed over so far. */
  record DeliveryCounted(
      String group, String topic, int queueId, Map<Long, Integer> countByQueueOffset)
      implements SystemRecord {}

  /** A branch voted to commit: from here on only a decision ends it. */
  record BranchPrepared(
      BranchXid xid, long incarnation, long atMillis, List<BranchSend> sends, List<AckRange> acks)
      implements SystemRecord {}

  /** The commit point (or the end) of a branch; complete in itself, also in one phase. */
  record BranchDecided(
      BranchXid xid,
      long incarnation,
      Decision decision,
      String decidedBy,
      long atMillis,
      List<BranchSend> sends,
      List<AckRange> acks)
      implements SystemRecord {}

  /** Every message that the decision demands is in the log. */
  record BranchDone(long incarnation) implements SystemRecord {}

  /** The transaction manager knows of the heuristic outcome. */
  record BranchForgotten(long incarnation) implements SystemRecord {}

  /** A half message was asked about, or gets its next question at another time. */
  record HalfChecked(long halfPosition, int checks, long nextCheckMillis) implements SystemRecord {}

  /** Where queues go on, also those whose messages are all gone. Said in bases only. */
  record QueuesPositioned(List<QueuePosition> positions) implements SystemRecord {}

  /** The queue offset that the next message of one queue gets. */
  record QueuePosition(String topic, int queueId, long nextOffset) {}

  /** How a group receives a topic from now on: it pops or, as without this fact, pulls. */
  record RequestModeSet(String group, String topic, boolean pop, int popShareQueues)
      implements SystemRecord {}

  /** A delayed message is never to be delivered; the fields name its waiting record. */
  record DelayCancelled(String topic, int queueId, long queueOffset, long dueMillis, long position)
      implements SystemRecord {}

  /** One half message of a branch. */
  record BranchSend(int sequence, long position, int sizeBytes) {}

  /** How a branch was decided, and by whom. */
  enum Decision {
    COMMIT,
    ROLLBACK,
    HEURISTIC_COMMIT,
    HEURISTIC_ROLLBACK;

    public boolean commits() {
      return this == COMMIT || this == HEURISTIC_COMMIT;
    }

    /** Not by its transaction manager, which must hear of it. */
    public boolean isHeuristic() {
      return this == HEURISTIC_COMMIT || this == HEURISTIC_ROLLBACK;
    }
  }
}
