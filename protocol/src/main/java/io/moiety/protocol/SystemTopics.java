package io.moiety.protocol;

import java.util.Set;

/** Names of topics that belong to the broker, and the naming rules of those that it derives. */
public final class SystemTopics {

  /** Messages with a delay level; queue = level - 1. */
  public static final String SCHEDULE = "SCHEDULE_TOPIC_XXXX";

  /** Messages with an exact delay. */
  public static final String TIMER = "rmq_sys_wheel_timer";

  /** Half messages, queue 0. */
  public static final String HALF = "RMQ_SYS_TRANS_HALF_TOPIC";

  /** Resolutions of half messages by rollback. */
  public static final String OP_HALF = "RMQ_SYS_TRANS_OP_HALF_TOPIC";

  /** Half messages that were checked back too often. */
  public static final String CHECK_MAX_TIME = "TRANS_CHECK_MAX_TIME_TOPIC";

  /** The route of this topic is what a producer takes for a topic that does not exist yet. */
  public static final String DEFAULT_TOPIC = "TBW102";

  /** Moiety's own facts: topics, groups, acknowledgements, branches. Never delivered. */
  public static final String STATE = "MOIETY_SYS_STATE";

  public static final String TRACE = "RMQ_SYS_TRACE_TOPIC";

  public static final String RETRY_PREFIX = "%RETRY%";
  public static final String DEAD_LETTER_PREFIX = "%DLQ%";
  public static final String REPLY_SUFFIX = "_REPLY_TOPIC";

  private static final String SYSTEM_PREFIX = "rmq_sys_";
  private static final String OWN_PREFIX = "MOIETY_SYS_";

  private static final Set<String> RESERVED =
      Set.of(
          SCHEDULE,
          HALF,
          OP_HALF,
          CHECK_MAX_TIME,
          DEFAULT_TOPIC,
          TRACE,
          "SELF_TEST_TOPIC",
          "OFFSET_MOVED_EVENT",
          "BenchmarkTest");

  private SystemTopics() {}

  public static String retryTopic(String group) {
    return RETRY_PREFIX + group;
  }

  public static String deadLetterTopic(String group) {
    return DEAD_LETTER_PREFIX + group;
  }

  /**
   * True for topics of the broker's own, which applications may neither create nor delete. In any
   * case of letters, since the names that there are use both.
   */
  public static boolean isReserved(String topic) {
    return RESERVED.contains(topic)
        || beginsWith(topic, SYSTEM_PREFIX)
        || beginsWith(topic, OWN_PREFIX);
  }

  private static boolean beginsWith(String topic, String prefix) {
    return topic.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /** True for topics of the broker's that clients may read and not send to, as in RocketMQ. */
  public static boolean isClosedToSends(String topic) {
    return switch (topic) {
      case CHECK_MAX_TIME, "SELF_TEST_TOPIC", "OFFSET_MOVED_EVENT" -> true;
      default -> false;
    };
  }

  /** Where replies to requests are sent; they are passed on and not stored. */
  public static String replyTopic(String cluster) {
    return cluster + REPLY_SUFFIX;
  }

  /**
   * True for topics that hold records on their way or about messages: clients neither send to them
   * nor consume them, whatever name they take.
   */
  public static boolean isInternal(String topic) {
    return switch (topic) {
      case SCHEDULE, TIMER, HALF, OP_HALF, STATE -> true;
      default -> false;
    };
  }

  public static boolean isRetry(String topic) {
    return topic.startsWith(RETRY_PREFIX);
  }

  public static boolean isDeadLetter(String topic) {
    return topic.startsWith(DEAD_LETTER_PREFIX);
  }
}
