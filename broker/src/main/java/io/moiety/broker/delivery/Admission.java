package io.moiety.broker.delivery;

import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.SystemTopics;
import java.util.Optional;

/** Decides who may consume what. Confined to the store turn. */
final class Admission {
  private final TopicTable topics;
  private final GroupTable groups;
  private final QueueGroups queueGroups;
  private final Ledgers ledgers;
  private final Journal journal;

  Admission(
      TopicTable topics,
      GroupTable groups,
      QueueGroups queueGroups,
      Ledgers ledgers,
      Journal journal) {
    this.topics = topics;
    this.groups = groups;
    this.queueGroups = queueGroups;
    this.ledgers = ledgers;
    this.journal = journal;
  }

  /** Why nothing of this topic can be consumed; empty when it can. */
  Optional<Refusal> refuse(String topic) {
    if (SystemTopics.isReserved(topic)) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.NOT_PERMITTED,
              "Topic " + topic + " belongs to the broker and cannot be consumed"));
    }
    Optional<TopicConfig> config = topics.find(topic);
    if (config.isEmpty()) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.UNKNOWN_TOPIC, "Topic " + topic + " does not exist; create it first"));
    }
    return config.get().readable()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Refusal.Reason.NOT_PERMITTED, "Topic " + topic + " does not allow reading"));
  }

  /**
   * Why a session consumer of this group cannot be on this topic. A subscription must exist and be
   * on this very topic; the group of a queue, which has the queue's name, is made when missing.
   */
  Optional<Refusal> refuseConsumer(String group, String topic) {
    Optional<Refusal> refusal = refuse(topic).or(() -> refuseLedgers(group, topic));
    if (refusal.isPresent()) {
      return refusal;
    }
    Optional<GroupConfig> config = groups.find(group);
    if (config.isEmpty() && !group.equals(topic)) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.UNKNOWN_GROUP,
              "There is no subscription " + group + "; subscribe first"));
    }
    if (group.equals(topic)) {
      queueGroups.ensure(topic);
    }
    return config.flatMap(known -> refuseTopic(known, topic));
  }

  /** As {@link #refuseConsumer} for RocketMQ's groups, which are made when they are first used. */
  Optional<Refusal> refuseClassic(String group, String topic) {
    Optional<Refusal> refusal = refuse(topic).or(() -> refuseLedgers(group, topic));
    if (refusal.isPresent()) {
      return refusal;
    }
    Optional<GroupConfig> config = groups.find(group);
    if (config.isPresent()) {
      return config.get().classic().consumeEnabled()
          ? refuseTopic(config.get(), topic)
          : Optional.of(
              new Refusal(
                  Refusal.Reason.NOT_PERMITTED,
                  "subscription group no permission, " + group + ": consumeEnable is false"));
    }
    Optional<Refusal> badName =
        TopicCreation.refuseName(group)
            .map(why -> Refusal.invalid("Group '" + group + "' cannot be made: " + why))
            .or(() -> groups.refuse(group).map(Refusal::limitReached));
    if (badName.isEmpty()) {
      journal.record(new SystemRecord.GroupSet(GroupConfig.plain(group)));
    }
    return badName;
  }

  /** Whoever consumes comes to all queues of the topic. */
  private Optional<Refusal> refuseLedgers(String group, String topic) {
    int queues = topics.find(topic).map(TopicConfig::readQueues).orElse(0);
    return ledgers.refuseTopic(group, topic, queues).map(Refusal::limitReached);
  }

  /** Why the queue is none of the topic; a negative one stands for all. */
  Optional<Refusal> refuseQueue(String topic, int queueId) {
    return topics
        .find(topic)
        .filter(config -> queueId >= config.readQueues())
        .map(
            config ->
                Refusal.invalid(
                    "queueId "
                        + queueId
                        + " is not one of topic "
                        + topic
                        + ", which has "
                        + config.readQueues()
                        + " queues to read"));
  }

  /** True when only classic clients receive with the group: it is no subscription's. */
  boolean isClassic(String group) {
    return groups.find(group).filter(config -> config.topic().isPresent()).isEmpty();
  }

  /**
   * Deliveries after which a popped message of the group is a dead letter: the first, and as many
   * more as its {@code retryMaxTimes} allows, as for messages that are sent back. Below 0 it allows
   * none, as in RocketMQ.
   */
  int maxDeliveries(String group) {
    int maxRetries =
        groups.find(group).map(GroupConfig::maxRetries).orElse(GroupConfig.DEFAULT_MAX_RETRIES);
    return 1 + Math.max(0, maxRetries);
  }

  private static Optional<Refusal> refuseTopic(GroupConfig group, String topic) {
    return group
        .topic()
        .filter(subscribed -> !subscribed.equals(topic))
        .map(
            subscribed ->
                Refusal.invalid(
                    "Subscription "
                        + group.name()
                        + " is on topic "
                        + subscribed
                        + ", not on "
                        + topic));
  }
}
