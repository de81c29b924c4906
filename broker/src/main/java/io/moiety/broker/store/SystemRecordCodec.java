package io.moiety.broker.store;

import io.moiety.broker.store.SystemRecord.Acknowledged;
import io.moiety.broker.store.SystemRecord.BranchDecided;
import io.moiety.broker.store.SystemRecord.BranchDone;
import io.moiety.broker.store.SystemRecord.BranchForgotten;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.store.SystemRecord.BrokerStarted;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import io.moiety.broker.store.SystemRecord.Decision;
import io.moiety.broker.store.SystemRecord.DelayCancelled;
import io.moiety.broker.store.SystemRecord.DeliveryCounted;
import io.moiety.broker.store.SystemRecord.GroupDeleted;
import io.moiety.broker.store.SystemRecord.GroupSet;
import io.moiety.broker.store.SystemRecord.HalfChecked;
import io.moiety.broker.store.SystemRecord.OffsetsCommitted;
import io.moiety.broker.store.SystemRecord.QueuePosition;
import io.moiety.broker.store.SystemRecord.QueuesPositioned;
import io.moiety.broker.store.SystemRecord.RequestModeSet;
import io.moiety.broker.store.SystemRecord.TopicDeleted;
import io.moiety.broker.store.SystemRecord.TopicSet;
import io.moiety.protocol.BranchXid;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of a fact: one byte for its kind, then its fields in the order of the record.
 *
 * <pre>
 * number    8, 4 or 1 bytes, big-endian
 * text      4 bytes length, UTF-8; an absent one has length -1
 * list      4 bytes count, then its elements
 * </pre>
 *
 * A kind's number and the order of its fields never change; a new field needs a new kind.
 */
final class SystemRecordCodec {
  private static final byte BROKER_STARTED = 1;
  private static final byte TOPIC_SET = 2;
  private static final byte TOPIC_DELETED = 3;
  private static final byte GROUP_SET = 4;
  private static final byte GROUP_DELETED = 5;
  private static final byte OFFSETS_COMMITTED = 6;
  private static final byte ACKNOWLEDGED = 7;
  private static final byte DELIVERY_COUNTED = 8;
  private static final byte BRANCH_PREPARED = 9;
  private static final byte BRANCH_DECIDED = 10;
  private static final byte BRANCH_DONE = 11;
  private static final byte BRANCH_FORGOTTEN = 12;
  private static final byte HALF_CHECKED = 13;
  private static final byte QUEUES_POSITIONED = 14;
  private static final byte REQUEST_MODE_SET = 15;
  private static final byte DELAY_CANCELLED = 16;

  private SystemRecordCodec() {}

  static ByteBuffer encode(SystemRecord fact) {
    FactWriter out = new FactWriter();
    write(fact, out);
    return out.toBuffer();
  }

  static void write(SystemRecord fact, FactWriter out) {
    if (fact instanceof BrokerStarted f) {
      out.kind(BROKER_STARTED).text(f.storeUuid()).int32(f.bootNumber()).int64(f.atMillis());
    } else if (fact instanceof TopicSet f) {
      writeTopic(out.kind(TOPIC_SET), f.topic());
    } else if (fact instanceof TopicDeleted f) {
      out.kind(TOPIC_DELETED).text(f.topic());
    } else if (fact instanceof GroupSet f) {
      writeGroup(out.kind(GROUP_SET), f.group());
    } else if (fact instanceof GroupDeleted f) {
      out.kind(GROUP_DELETED).text(f.group());
    } else if (fact instanceof OffsetsCommitted f) {
      out.kind(OFFSETS_COMMITTED).list(f.offsets(), SystemRecordCodec::writeOffset);
    } else if (fact instanceof Acknowledged f) {
      out.kind(ACKNOWLEDGED).list(f.ranges(), SystemRecordCodec::writeRange);
    } else if (fact instanceof DeliveryCounted f) {
      writeCounted(out.kind(DELIVERY_COUNTED), f);
    } else if (fact instanceof BranchPrepared f) {
      out.kind(BRANCH_PREPARED).text(f.xid().toText()).int64(f.incarnation()).int64(f.atMillis());
      writeContents(out, f.sends(), f.acks());
    } else if (fact instanceof BranchDecided f) {
      out.kind(BRANCH_DECIDED).text(f.xid().toText()).int64(f.incarnation());
      out.int8(codeOf(f.decision())).text(f.decidedBy()).int64(f.atMillis());
      writeContents(out, f.sends(), f.acks());
    } else if (fact instanceof BranchDone f) {
      out.kind(BRANCH_DONE).int64(f.incarnation());
    } else if (fact instanceof BranchForgotten f) {
      out.kind(BRANCH_FORGOTTEN).int64(f.incarnation());
    } else if (fact instanceof HalfChecked f) {
      out.kind(HALF_CHECKED).int64(f.halfPosition()).int32(f.checks()).int64(f.nextCheckMillis());
    } else if (fact instanceof QueuesPositioned f) {
      out.kind(QUEUES_POSITIONED).list(f.positions(), SystemRecordCodec::writePosition);
    } else if (fact instanceof RequestModeSet f) {
      out.kind(REQUEST_MODE_SET).text(f.group()).text(f.topic());
      out.bool(f.pop()).int32(f.popShareQueues());
    } else if (fact instanceof DelayCancelled f) {
      out.kind(DELAY_CANCELLED).text(f.topic()).int32(f.queueId()).int64(f.queueOffset());
      out.int64(f.dueMillis()).int64(f.position());
    }
  }

  /**
   * Reads a fact. An unknown kind means that a newer version wrote the store: it must not start.
   */
  static SystemRecord decode(ByteBuffer bytes) {
    FactReader in = new FactReader(bytes);
    byte kind = in.int8();
    return switch (kind) {
      case BROKER_STARTED -> new BrokerStarted(in.text(), in.int32(), in.int64());
      case TOPIC_SET -> new TopicSet(readTopic(in));
      case TOPIC_DELETED -> new TopicDeleted(in.text());
      case GROUP_SET -> new GroupSet(readGroup(in));
      case GROUP_DELETED -> new GroupDeleted(in.text());
      case OFFSETS_COMMITTED -> new OffsetsCommitted(in.list(SystemRecordCodec::readOffset));
      case ACKNOWLEDGED -> new Acknowledged(in.list(SystemRecordCodec::readRange));
      case DELIVERY_COUNTED -> readCounted(in);
      case BRANCH_PREPARED ->
          new BranchPrepared(
              BranchXid.parse(in.text()), in.int64(), in.int64(), readSends(in), readAcks(in));
      case BRANCH_DECIDED ->
          new BranchDecided(
              BranchXid.parse(in.text()),
              in.int64(),
              decision(in.int8()),
              in.text(),
              in.int64(),
              readSends(in),
              readAcks(in));
      case BRANCH_DONE -> new BranchDone(in.int64());
      case BRANCH_FORGOTTEN -> new BranchForgotten(in.int64());
      case HALF_CHECKED -> new HalfChecked(in.int64(), in.int32(), in.int64());
      case QUEUES_POSITIONED -> new QueuesPositioned(in.list(SystemRecordCodec::readPosition));
      case DELAY_CANCELLED ->
          new DelayCancelled(in.text(), in.int32(), in.int64(), in.int64(), in.int64());
      case REQUEST_MODE_SET -> new RequestModeSet(in.text(), in.text(), in.bool(), in.int32());
      default ->
          throw new IllegalStateException(
              "a system record of kind " + kind + " is unknown to this version of the broker");
    };
  }

  private static byte codeOf(Decision decision) {
    return switch (decision) {
      case COMMIT -> 1;
      case ROLLBACK -> 2;
      case HEURISTIC_COMMIT -> 3;
      case HEURISTIC_ROLLBACK -> 4;
    };
  }

  private static Decision decision(byte code) {
    return switch (code) {
      case 1 -> Decision.COMMIT;
      case 2 -> Decision.ROLLBACK;
      case 3 -> Decision.HEURISTIC_COMMIT;
      case 4 -> Decision.HEURISTIC_ROLLBACK;
      default -> throw new IllegalStateException("decision " + code + " is unknown");
    };
  }

  private static void writeTopic(FactWriter out, TopicConfig topic) {
    out.text(topic.name()).int32(topic.readQueues()).int32(topic.writeQueues());
    out.int8(topic.permission()).bool(topic.temporary());
  }

  private static TopicConfig readTopic(FactReader in) {
    return new TopicConfig(in.text(), in.int32(), in.int32(), in.int8(), in.bool());
  }

  private static void writeGroup(FactWriter out, GroupConfig group) {
    out.text(group.name()).optionalText(group.topic()).optionalText(group.selector());
    out.optionalText(group.noLocalClient()).bool(group.durable()).bool(group.exclusive());
    out.bool(group.retains()).int32(group.maxRetries());
    ClassicSettings classic = group.classic();
    out.bool(classic.consumeEnabled()).bool(classic.consumeFromMin());
    out.bool(classic.broadcastEnabled()).bool(classic.orderly()).bool(classic.notifiesMembers());
    out.int32(classic.retryQueues()).int64(classic.brokerId()).int64(classic.slowBrokerId());
    out.int32(classic.consumeTimeoutMinutes()).int32(classic.sysFlag());
    out.optionalText(classic.retryPolicy());
  }

  private static GroupConfig readGroup(FactReader in) {
    return new GroupConfig(
        in.text(),
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.bool(),
        in.bool(),
        in.bool(),
        in.int32(),
        readClassic(in));
  }

  private static ClassicSettings readClassic(FactReader in) {
    return new ClassicSettings(
        in.bool(),
        in.bool(),
        in.bool(),
        in.bool(),
        in.bool(),
        in.int32(),
        in.int64(),
        in.int64(),
        in.int32(),
        in.int32(),
        in.optionalText());
  }

  private static void writeOffset(FactWriter out, CommittedOffset offset) {
    out.text(offset.group())
        .text(offset.topic())
        .int32(offset.queueId())
        .int64(offset.nextOffset());
  }

  private static CommittedOffset readOffset(FactReader in) {
    return new CommittedOffset(in.text(), in.text(), in.int32(), in.int64());
  }

  private static void writePosition(FactWriter out, QueuePosition position) {
    out.text(position.topic()).int32(position.queueId()).int64(position.nextOffset());
  }

  private static QueuePosition readPosition(FactReader in) {
    return new QueuePosition(in.text(), in.int32(), in.int64());
  }

  private static void writeRange(FactWriter out, AckRange range) {
    out.text(range.group()).text(range.topic()).int32(range.queueId());
    out.int64(range.firstOffset()).int64(range.lastOffset());
  }

  private static AckRange readRange(FactReader in) {
    return new AckRange(in.text(), in.text(), in.int32(), in.int64(), in.int64());
  }

  private static void writeCounted(FactWriter out, DeliveryCounted counted) {
    out.text(counted.group()).text(counted.topic()).int32(counted.queueId());
    out.list(
        List.copyOf(counted.countByQueueOffset().entrySet()),
        (to, entry) -> to.int64(entry.getKey()).int32(entry.getValue()));
  }

  private static DeliveryCounted readCounted(FactReader in) {
    String group = in.text();
    String topic = in.text();
    int queueId = in.int32();
    Map<Long, Integer> counts = new LinkedHashMap<>();
    in.list(from -> counts.put(from.int64(), from.int32()) == null);
    return new DeliveryCounted(group, topic, queueId, counts);
  }

  private static void writeContents(FactWriter out, List<BranchSend> sends, List<AckRange> acks) {
    out.list(
        sends,
        (to, send) -> to.int32(send.sequence()).int64(send.position()).int32(send.sizeBytes()));
    out.list(acks, SystemRecordCodec::writeRange);
  }

  private static List<BranchSend> readSends(FactReader in) {
    return in.list(from -> new BranchSend(from.int32(), from.int64(), from.int32()));
  }

  private static List<AckRange> readAcks(FactReader in) {
    return in.list(SystemRecordCodec::readRange);
  }
}
