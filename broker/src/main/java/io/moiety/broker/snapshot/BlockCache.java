package io.moiety.broker.snapshot;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were read or written lately, so that who goes through one entry by entry reads it
 * once. Any thread; {@code lock} protects the map and is never held at a file.
 */
final class BlockCache {

  /** A block in memory. */
  record Cached(int id, int owner, ByteBuffer content) {
    boolean is(int otherId, int otherOwner) {
      return id == otherId && owner == otherOwner;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Cached> blocks;

  /** What was asked for last, as it will be the next time too. */
  private volatile @Nullable Cached latest;

  BlockCache(int capacity) {
    blocks =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Cached> eldest) {
            return size() > capacity;
          }
        };
  }

  Optional<ByteBuffer> find(int owner, int id) {
    Cached last = latest;
    if (last != null && last.is(id, owner)) {
      return Optional.of(last.content());
    }
    Cached found;
    lock.lock();
    try {
      found = blocks.get(id);
    } finally {
      lock.unlock();
    }
    if (found == null || !found.is(id, owner)) {
      return Optional.empty();
    }
    latest = found;
    return Optional.of(found.content());
  }

  void put(int owner, int id, ByteBuffer content) {
    Cached cached = new Cached(id, owner, content);
    lock.lock();
    try {
      blocks.put(id, cached);
      latest = null;
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      blocks.clear();
      latest = null;
    } finally {
      lock.unlock();
    }
  }

  void remove(int id) {
    lock.lock();
    try {
      blocks.remove(id);
      latest = null;
    } finally {
      lock.unlock();
    }
  }
}
