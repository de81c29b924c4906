package io.moiety.broker.delivery;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts a message that was delivered too often under {@code %DLQ%group}. The copy is also the
 * acknowledgement of the original, see {@link DeadLetterMark}.
 */
final class DeadLetters {
  private static final Logger LOG = System.getLogger(DeadLetters.class.getName());
  private static final String DELIVERY_COUNT = "JMSXDeliveryCount";
  private static final String BROKER_PREFIX = "__MOIETY_";

  /**
   * What made the original wait, or would make the copy go away again: a dead letter is there at
   * once and stays until somebody takes it.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          PropertyNames.DELAY,
          PropertyNames.TIMER_DELAY_SEC,
          PropertyNames.TIMER_DELAY_MS,
          PropertyNames.TIMER_DELIVER_MS,
          PropertyNames.TIMER_OUT_MS,
          PropertyNames.REAL_TOPIC,
          PropertyNames.REAL_QUEUE_ID,
          PropertyNames.TRANSACTION_PREPARED,
          PropertyNames.JMS_EXPIRATION);

  private final TopicTable topics;
  private final GroupTable groups;
  private final QueueGroups queueGroups;
  private final Journal journal;

  DeadLetters(TopicTable topics, GroupTable groups, QueueGroups queueGroups, Journal journal) {
    this.topics = topics;
    this.groups = groups;
    this.queueGroups = queueGroups;
    this.journal = journal;
  }

  /**
   * Moves a message away.
   *
   * @param count how often it was delivered
   * @return false when the log does not take the copy: the message stays where it is, undelivered
   */
  boolean move(LedgerKey key, RecordView message, int count) {
    String topic = SystemTopics.deadLetterTopic(key.group());
    try {
      if (topics.find(topic).isEmpty() && !create(topic, groups.find(key.group()))) {
        return false;
      }
      journal.put(copy(key, message, count).withDestination(topic, 0));
      LOG.log(
          Level.INFO,
          "Message {0} of {1} was delivered {2} times and is now on {3}",
          Long.toString(message.queueOffset()),
          key,
          count,
          topic);
      return true;
    } catch (AppendRefusedException | IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "Message "
              + message.queueOffset()
              + " of "
              + key
              + " was delivered "
              + count
              + " times and cannot be put on "
              + topic
              + "; it stays where it is, undelivered",
          e);
      return false;
    }
  }

  /**
   * Dead letters of a group whose messages are kept until acknowledged are kept so too. A known
   * group gets its topic however many there are, so that a message that nobody can deal with does
   * not hold up a queue for the limit of topics; the limit of groups bounds these.
   */
  private boolean create(String topic, Optional<GroupConfig> group) {
    TopicConfig config = TopicConfig.of(topic, 1);
    Optional<String> limit = group.isPresent() ? Optional.empty() : topics.refuse(config);
    if (limit.isPresent()) {
      LOG.log(
          Level.WARNING,
          "Messages that were delivered too often stay where they are, undelivered, since the topic {0} cannot be created: {1}",
          topic,
          limit.get());
      return false;
    }
    journal.record(new SystemRecord.TopicSet(config));
    if (group.filter(GroupConfig::retains).isPresent()) {
      queueGroups.ensure(topic);
    }
    return true;
  }

  private static RecordDraft copy(LedgerKey key, RecordView message, int count) {
    return RecordDraft.copyOf(message)
        .withSysFlag(message.sysFlag() & ~SysFlag.TRANSACTION_MASK)
        .withPreparedTransactionOffset(0)
        .withReconsumeTimes(count)
        .withProperties(properties(key, message, count));
  }

  private static MessageProperties properties(LedgerKey key, RecordView message, int count) {
    Map<String, String> properties = new LinkedHashMap<>(message.properties().asMap());
    properties.keySet().removeIf(name -> LEFT_OUT.contains(name) || name.startsWith(BROKER_PREFIX));
    properties.put(PropertyNames.DLQ_ORIGIN_TOPIC, key.topic());
    properties.put(
        PropertyNames.DLQ_ORIGIN_MESSAGE_ID,
        message
            .property(PropertyNames.UNIQUE_KEY)
            .orElseGet(
                () ->
                    MessageIds.offsetMessageId(
                        message.storeHost(), Carried.origin(message).position())));
    properties.put(DELIVERY_COUNT, Integer.toString(count));
    properties.put(DeadLetterMark.PROPERTY, DeadLetterMark.of(key, message.queueOffset()));
    return MessageProperties.of(properties);
  }
}
