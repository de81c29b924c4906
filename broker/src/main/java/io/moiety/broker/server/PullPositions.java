package io.moiety.broker.server;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.broker.topic.ByGroupAndTopic;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the log need not know of classic groups: how far members have pulled, and where they are to
 * be put, since an administrator moved their group and they do not know yet. A restart forgets
 * both, as RocketMQ's does: a member that was not told by then goes on where it was.
 *
 * <p>Hears of deleted topics and groups, so that nothing here outlives them. Owner: the store turn.
 */
public final class PullPositions implements View {

  private final ByGroupAndTopic<Map<Integer, Long>> pulled = new ByGroupAndTopic<>();
  private final ByGroupAndTopic<Map<Integer, Long>> resets = new ByGroupAndTopic<>();

  /** A member asked for what comes from this offset on. */
  void pulled(String group, QueueKey queue, long queueOffset) {
    put(pulled, group, queue, queueOffset);
  }

  /** From where a member pulled last; empty when none did since the start. */
  OptionalLong pulled(String group, QueueKey queue) {
    return find(pulled, group, queue);
  }

  /** The next pull is to be put there. */
  void reset(String group, QueueKey queue, long queueOffset) {
    put(resets, group, queue, queueOffset);
    remove(pulled, group, queue);
  }

  /** True while no member knows of a reset: what they report is of before it. */
  boolean isReset(String group, QueueKey queue) {
    return find(resets, group, queue).isPresent();
  }

  /** Where a pull is to be put, said once; empty when it is there, or may be where it is. */
  OptionalLong takeReset(String group, QueueKey queue, long pullOffset) {
    OptionalLong there = find(resets, group, queue);
    if (there.isPresent()) {
      remove(resets, group, queue);
    }
    return there.isPresent() && there.getAsLong() != pullOffset ? there : OptionalLong.empty();
  }

  /** No member pulls the topic any more, so none is to be put anywhere. */
  void forgetResets(String group, String topic) {
    resets.remove(group, topic);
  }

  private static void put(
      ByGroupAndTopic<Map<Integer, Long>> positions, String group, QueueKey queue, long position) {
    positions.findOrAdd(group, queue.topic(), HashMap::new).put(queue.queueId(), position);
  }

  private static OptionalLong find(
      ByGroupAndTopic<Map<Integer, Long>> positions, String group, QueueKey queue) {
    return positions
        .find(group, queue.topic())
        .map(ofTopic -> of(ofTopic.get(queue.queueId())))
        .orElse(OptionalLong.empty());
  }

  private static void remove(
      ByGroupAndTopic<Map<Integer, Long>> positions, String group, QueueKey queue) {
    Map<Integer, Long> ofTopic = positions.find(group, queue.topic()).orElse(Map.of());
    if (ofTopic.containsKey(queue.queueId())) {
      ofTopic.remove(queue.queueId());
      if (ofTopic.isEmpty()) {
        positions.remove(group, queue.topic());
      }
    }
  }

  private static OptionalLong of(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.TopicDeleted deleted) {
      pulled.removeTopic(deleted.topic());
      resets.removeTopic(deleted.topic());
    } else if (fact instanceof SystemRecord.GroupDeleted deleted) {
      pulled.removeGroup(deleted.group());
      resets.removeGroup(deleted.group());
    }
  }
}
