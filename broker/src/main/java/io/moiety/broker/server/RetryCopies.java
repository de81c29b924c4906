package io.moiety.broker.server;

import io.moiety.broker.store.Carried;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Copies of a message that a classic consumer could not work off: to the retry topic of its group,
 * or to the dead letters. A copy keeps key, tags and body, and remembers where it came from first.
 */
final class RetryCopies {

  private static final String BROKER_PREFIX = "__MOIETY_";

  /** What made the original wait, or be a half message: the copy is neither. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          PropertyNames.DELAY,
          PropertyNames.TIMER_DELAY_SEC,
          PropertyNames.TIMER_DELAY_MS,
          PropertyNames.TIMER_DELIVER_MS,
          PropertyNames.TIMER_OUT_MS,
          PropertyNames.REAL_TOPIC,
          PropertyNames.REAL_QUEUE_ID,
          PropertyNames.TRANSACTION_PREPARED);

  private RetryCopies() {}

  /** For another try after the delay of a level. */
  static RecordDraft retry(RecordView failed, String group, int delayLevel) {
    Map<String, String> properties = properties(failed);
    properties.put(PropertyNames.DELAY, Integer.toString(delayLevel));
    return copy(failed, SystemTopics.retryTopic(group), properties);
  }

  /** For a person to look at. */
  static RecordDraft deadLetter(RecordView failed, String group) {
    return copy(failed, SystemTopics.deadLetterTopic(group), properties(failed));
  }

  private static RecordDraft copy(RecordView failed, String topic, Map<String, String> properties) {
    return RecordDraft.copyOf(failed)
        .withDestination(topic, 0)
        .withSysFlag(failed.sysFlag() & ~SysFlag.TRANSACTION_MASK)
        .withPreparedTransactionOffset(0)
        .withReconsumeTimes(failed.reconsumeTimes() + 1)
        .withProperties(MessageProperties.of(properties));
  }

  private static Map<String, String> properties(RecordView failed) {
    Map<String, String> properties = new LinkedHashMap<>(failed.properties().asMap());
    properties.keySet().removeIf(name -> LEFT_OUT.contains(name) || name.startsWith(BROKER_PREFIX));
    properties.putIfAbsent(PropertyNames.RETRY_TOPIC, failed.topic());
    properties.putIfAbsent(
        PropertyNames.ORIGIN_MESSAGE_ID,
        MessageIds.offsetMessageId(failed.storeHost(), Carried.origin(failed).position()));
    properties.put(PropertyNames.WAIT, "false");
    return properties;
  }
}
