package io.moiety.protocol;

import java.util.Set;

/** Names of the message properties that broker, client and RocketMQ's clients give a meaning. */
public final class PropertyNames {

  // RocketMQ's.
  public static final String KEYS = "KEYS";
  public static final String TAGS = "TAGS";
  public static final String WAIT = "WAIT";
  public static final String DELAY = "DELAY";
  public static final String RETRY_TOPIC = "RETRY_TOPIC";
  public static final String REAL_TOPIC = "REAL_TOPIC";
  public static final String REAL_QUEUE_ID = "REAL_QID";
  public static final String TRANSACTION_PREPARED = "TRAN_MSG";
  public static final String PRODUCER_GROUP = "PGROUP";
  public static final String MIN_OFFSET = "MIN_OFFSET";
  public static final String MAX_OFFSET = "MAX_OFFSET";
  public static final String BUYER_ID = "BUYER_ID";
  public static final String ORIGIN_MESSAGE_ID = "ORIGIN_MESSAGE_ID";
  public static final String ORIGIN_GROUP = "ORIGIN_GROUP";
  public static final String RECONSUME_TIME = "RECONSUME_TIME";
  public static final String MAX_RECONSUME_TIMES = "MAX_RECONSUME_TIMES";
  public static final String CONSUME_START_TIME = "CONSUME_START_TIME";
  public static final String MSG_REGION = "MSG_REGION";
  public static final String TRACE_ON = "TRACE_ON";
  public static final String CLUSTER = "CLUSTER";

  /** The id that the sender gave; Jakarta Messaging's message id is "ID:" and this. */
  public static final String UNIQUE_KEY = "UNIQ_KEY";

  public static final String CHECK_IMMUNITY_SECONDS = "CHECK_IMMUNITY_TIME_IN_SECONDS";
  public static final String TRANSACTION_PREPARED_QUEUE_OFFSET = "TRAN_PREPARED_QUEUE_OFFSET";
  public static final String TRANSACTION_ID = "__transactionId__";
  public static final String TRANSACTION_CHECK_TIMES = "TRANSACTION_CHECK_TIMES";
  public static final String CORRELATION_ID = "CORRELATION_ID";
  public static final String REPLY_TO_CLIENT = "REPLY_TO_CLIENT";
  public static final String TTL = "TTL";
  public static final String ARRIVE_TIME = "ARRIVE_TIME";
  public static final String PUSH_REPLY_TIME = "PUSH_REPLY_TIME";
  public static final String MSG_TYPE = "MSG_TYPE";
  public static final String POP_CK = "POP_CK";
  public static final String FIRST_POP_TIME = "1ST_POP_TIME";
  public static final String SHARDING_KEY = "__SHARDINGKEY";
  public static final String INSTANCE_ID = "INSTANCE_ID";
  public static final String DLQ_ORIGIN_TOPIC = "DLQ_ORIGIN_TOPIC";
  public static final String DLQ_ORIGIN_MESSAGE_ID = "DLQ_ORIGIN_MESSAGE_ID";

  /** Relative delay in seconds. */
  public static final String TIMER_DELAY_SEC = "TIMER_DELAY_SEC";

  /** Relative delay in milliseconds. */
  public static final String TIMER_DELAY_MS = "TIMER_DELAY_MS";

  /** Absolute delivery time in milliseconds. */
  public static final String TIMER_DELIVER_MS = "TIMER_DELIVER_MS";

  /** Set by the broker: the delivery time it decided on, in milliseconds. */
  public static final String TIMER_OUT_MS = "TIMER_OUT_MS";

  public static final String TIMER_ENQUEUE_MS = "TIMER_ENQUEUE_MS";
  public static final String TIMER_ROLL_TIMES = "TIMER_ROLL_TIMES";
  public static final String TIMER_DELETE_UNIQUE_KEY = "TIMER_DEL_UNIQKEY";

  /** Always the last property of a stored record; see {@link RecordLayout}. */
  public static final String CRC32 = "__CRC32#";

  /** Properties whose names begin so are not stored. */
  public static final String TRANSIENT_PREFIX = "__RMQ.TRANSIENT.";

  // Moiety's: the part that a message has in a branch.

  /** {@link BranchXid#toText()} of the branch that a half message belongs to. */
  public static final String BRANCH_XID = "__MOIETY_XID";

  public static final String BRANCH_INCARNATION = "__MOIETY_INC";

  /** 1…n in the branch. */
  public static final String BRANCH_SEQUENCE = "__MOIETY_SEQ";

  /** On a delivered copy: the delayed record that it is the copy of. */
  public static final String DUE_OF = "__MOIETY_DUE_OF";

  /**
   * On a copy that the log carried forward so that the original's segment could go: {@code
   * position:storeTimestampMillis} of the original, by which clients know it.
   */
  public static final String CARRIED = "__MOIETY_CARRIED";

  /** On a dead letter: group, topic, queue id and queue offset of the message it stands for. */
  public static final String DEAD_LETTER_OF = "__MOIETY_DLQ_OF";

  /**
   * On a half message that an administrator took back from where it was parked: {@code
   * position:queueOffset} of the half message as it was sent, by which everybody knows it.
   */
  public static final String RESUMED = "__MOIETY_RESUMED";

  /** On a record that an administrator wanted, as one that ends a half message: who that was. */
  public static final String DECIDED_BY = "__MOIETY_BY";

  /**
   * On a half message of an application server's transaction: {@code
   * transactionId,instance,fenceAfterSeconds,tableId}. See docs/transactions.md.
   */
  public static final String CHECK_BACK = "__MOIETY_CHECK_BACK";

  // Moiety's: Jakarta Messaging headers that RocketMQ has no property for.

  /**
   * queue://name, topic://name, temp-queue://name or temp-topic://name: {@link DestinationTexts}.
   */
  public static final String JMS_REPLY_TO = "JMS_ReplyTo";

  /** As {@link #JMS_REPLY_TO}. */
  public static final String JMS_DESTINATION = "JMS_Destination";

  public static final String JMS_TYPE = "JMS_Type";
  public static final String JMS_PRIORITY = "JMS_Priority";

  /** Absolute, in milliseconds. */
  public static final String JMS_EXPIRATION = "JMS_Expiration";

  /** Absolute, in milliseconds. */
  public static final String JMS_DELIVERY_TIME = "JMS_DeliveryTime";

  /** 1 for non-persistent; absent means persistent. */
  public static final String JMS_DELIVERY_MODE = "JMS_DeliveryMode";

  /** text, bytes, map, stream, object or message. */
  public static final String JMS_BODY_TYPE = "JMS_BodyType";

  /**
   * Names, as Jakarta Messaging has them and separated by commas, of headers that are there and
   * empty: a property without a value is none.
   */
  public static final String JMS_EMPTY_HEADERS = "JMS_EmptyHeaders";

  /** There when the sender wants no timestamp to be told, which is zero then for its receivers. */
  public static final String JMS_NO_TIMESTAMP = "JMS_NoTimestamp";

  /** Client id of the sending connection, for noLocal. */
  public static final String JMS_CLIENT_ID = "JMS_ClientId";

  public static final String JMSX_GROUP_ID = "JMSXGroupID";
  public static final String JMSX_GROUP_SEQ = "JMSXGroupSeq";

  /** Types of the application's properties that are not plain text; see {@link TypedProperties}. */
  public static final String JMS_TYPES = "__JMS_TYPES";

  /** Stands before an application's property name that would otherwise be one of these. */
  public static final String ESCAPE_PREFIX = "JMS__";

  private static final String INTERNAL_PREFIX = "__";
  private static final String JMS_PREFIX = "JMS_";

  private static final Set<String> RESERVED =
      Set.of(
          KEYS,
          TAGS,
          WAIT,
          DELAY,
          RETRY_TOPIC,
          REAL_TOPIC,
          REAL_QUEUE_ID,
          TRANSACTION_PREPARED,
          PRODUCER_GROUP,
          MIN_OFFSET,
          MAX_OFFSET,
          BUYER_ID,
          ORIGIN_MESSAGE_ID,
          ORIGIN_GROUP,
          RECONSUME_TIME,
          MAX_RECONSUME_TIMES,
          CONSUME_START_TIME,
          MSG_REGION,
          TRACE_ON,
          CLUSTER,
          UNIQUE_KEY,
          "EXTEND_UNIQ_INFO",
          "INNER_NUM",
          "INNER_BASE",
          "DUP_INFO",
          "TRANSFER_FLAG",
          "CORRECTION_FLAG",
          "MQ2_FLAG",
          CHECK_IMMUNITY_SECONDS,
          TRANSACTION_PREPARED_QUEUE_OFFSET,
          TRANSACTION_CHECK_TIMES,
          CORRELATION_ID,
          REPLY_TO_CLIENT,
          TTL,
          ARRIVE_TIME,
          PUSH_REPLY_TIME,
          MSG_TYPE,
          POP_CK,
          FIRST_POP_TIME,
          INSTANCE_ID,
          DLQ_ORIGIN_TOPIC,
          DLQ_ORIGIN_MESSAGE_ID,
          TIMER_DELAY_SEC,
          TIMER_DELAY_MS,
          TIMER_DELIVER_MS,
          TIMER_OUT_MS,
          TIMER_ENQUEUE_MS,
          TIMER_ROLL_TIMES,
          TIMER_DELETE_UNIQUE_KEY,
          "TIMER_DELAY_LEVEL",
          JMSX_GROUP_ID,
          JMSX_GROUP_SEQ);

  private PropertyNames() {}

  /**
   * True when RocketMQ or Moiety gives the name a meaning, so that an application's property of
   * this name is stored under another; also for every name that begins with "__" or "JMS_".
   */
  public static boolean isReserved(String name) {
    return name.startsWith(INTERNAL_PREFIX)
        || name.startsWith(JMS_PREFIX)
        || RESERVED.contains(name);
  }
}
