package io.moiety.broker.server;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.TopicTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** How far groups are in the queues of their topics. Owner: the store turn. */
public final class ConsumerProgress {

  /** Knows what members have and did not acknowledge. */
  @FunctionalInterface
  public interface InFlightMessages {
    int count(String group, String topic, int queueId);
  }

  /**
   * One group in one queue.
   *
   * @param queueEnd the offset after the last message
   * @param next the next offset that the group reads
   * @param given the offset after the last message that it was given
   * @param last the last message that it is done with, while it is there
   */
  record InQueue(QueueKey queue, long queueEnd, long next, long given, Optional<Entry> last) {}

  private final TopicTable topics;
  private final QueueTable queues;
  private final ClassicOffsets offsets;
  private final ClientRegistry clients;
  private final InFlightMessages inFlight;

  ConsumerProgress(
      TopicTable topics,
      QueueTable queues,
      ClassicOffsets offsets,
      ClientRegistry clients,
      InFlightMessages inFlight) {
    this.topics = topics;
    this.queues = queues;
    this.offsets = offsets;
    this.clients = clients;
    this.inFlight = inFlight;
  }

  /** The topics that a group reads or has read, of those that exist. */
  Set<String> topicsOf(String group) {
    Set<String> read = new TreeSet<>(offsets.topicsOf(group));
    read.removeIf(topic -> topics.find(topic).isEmpty());
    return read;
  }

  /** As {@link #topicsOf}; where a group has members, what none of them subscribes to is past. */
  Set<String> presentTopicsOf(String group) {
    Set<String> read = topicsOf(group);
    List<ConsumerClient> members = clients.consumers(group);
    if (members.stream().anyMatch(member -> !member.subscriptions().isEmpty())) {
      read.removeIf(
          topic -> members.stream().noneMatch(member -> member.subscriptions().containsKey(topic)));
    }
    return read;
  }

  /** The groups that read the topic now or have read it. */
  Set<String> groupsOn(String topic) {
    Set<String> groups = new TreeSet<>(offsets.groupsOn(topic));
    groups.addAll(clients.groupsOn(topic));
    return groups;
  }

  int queuesOf(String topic) {
    return topics.find(topic).map(TopicConfig::readQueues).orElse(0);
  }

  /** Where the group is in every queue of the topic. */
  List<InQueue> of(String group, String topic) {
    List<InQueue> rows = new ArrayList<>();
    for (int queueId = 0; queueId < queuesOf(topic); queueId++) {
      rows.add(of(group, new QueueKey(topic, queueId)));
    }
    return rows;
  }

  private InQueue of(String group, QueueKey key) {
    Optional<ConsumeQueue> queue = queues.find(key.topic(), key.queueId());
    long next = offsets.find(group, key).orElse(0);
    OptionalLong pulled = offsets.pulledFrom(group, key);
    long leased = inFlight.count(group, key.topic(), key.queueId());
    return new InQueue(
        key,
        queue.map(ConsumeQueue::servedOffset).orElse(0L),
        next,
        Math.max(pulled.orElse(next), next + leased),
        StoreTimes.messageAt(queue, next - 1));
  }
}
