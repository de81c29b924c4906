package io.moiety.broker.delivery;

import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.topic.GroupTable;
import java.util.Optional;

/**
 * The groups of Jakarta Messaging queues: one for all receivers, with the queue's name. While it is
 * there, the log keeps the queue's messages until they are acknowledged, so it is made with the
 * queue and not with the first receiver.
 *
 * <p>Owner: the store turn.
 */
public final class QueueGroups {
  private final GroupTable groups;
  private final GroupTopics groupTopics;
  private final Journal journal;

  QueueGroups(GroupTable groups, GroupTopics groupTopics, Journal journal) {
    this.groups = groups;
    this.groupTopics = groupTopics;
    this.journal = journal;
  }

  /** Makes the group of a queue; one that RocketMQ's clients made keeps messages from now on. */
  public void ensure(String queue) {
    Optional<GroupConfig> known = groups.find(queue);
    if (known.filter(GroupConfig::retains).isEmpty()) {
      GroupConfig ofQueue = GroupConfig.ofQueue(queue);
      journal.record(
          new SystemRecord.GroupSet(
              known
                  .map(classic -> ofQueue.with(classic.maxRetries(), classic.classic()))
                  .orElse(ofQueue)));
      groupTopics.subscriptionChanged(queue);
    }
  }
}
