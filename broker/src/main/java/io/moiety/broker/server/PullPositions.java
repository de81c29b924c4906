package io.moiety.broker.server;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
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

  private record Key(String group, QueueKey queue) {}

  private final Map<Key, Long> pulled = new HashMap<>();
  private final Map<Key, Long> resets = new HashMap<>();

  /** A member asked for what comes from this offset on. */
  void pulled(String group, QueueKey queue, long queueOffset) {
    pulled.put(new Key(group, queue), queueOffset);
  }

  /** From where a member pulled last; empty when none did since the start. */
  OptionalLong pulled(String group, QueueKey queue) {
    return of(pulled.get(new Key(group, queue)));
  }

  /** The next pull is to be put there. */
  void reset(String group, QueueKey queue, long queueOffset) {
    resets.put(new Key(group, queue), queueOffset);
    pulled.remove(new Key(group, queue));
  }

  /** True while no member knows of a reset: what they report is of before it. */
  boolean isReset(String group, QueueKey queue) {
    return resets.containsKey(new Key(group, queue));
  }

  /** Where a pull is to be put, said once; empty when it is there, or may be where it is. */
  OptionalLong takeReset(String group, QueueKey queue, long pullOffset) {
    Long there = resets.remove(new Key(group, queue));
    return there == null || there == pullOffset ? OptionalLong.empty() : OptionalLong.of(there);
  }

  private static OptionalLong of(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.TopicDeleted deleted) {
      pulled.keySet().removeIf(key -> key.queue().topic().equals(deleted.topic()));
      resets.keySet().removeIf(key -> key.queue().topic().equals(deleted.topic()));
    } else if (fact instanceof SystemRecord.GroupDeleted deleted) {
      pulled.keySet().removeIf(key -> key.group().equals(deleted.group()));
      resets.keySet().removeIf(key -> key.group().equals(deleted.group()));
    }
  }
}
