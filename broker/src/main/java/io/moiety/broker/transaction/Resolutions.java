package io.moiety.broker.transaction;

import io.moiety.broker.transaction.HalfMessages.Resolved;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the last half messages ended for good. The oldest are forgotten: by number, and with their
 * segments.
 *
 * <p>In chunks in the order of the log, to which is only ever added: a snapshot takes the chunks.
 *
 * <p>Confined to the store turn, but for the chunks that a snapshot has.
 */
final class Resolutions {
  private static final int REMEMBERED = 200_000;
  private static final int CHUNK = 1_024;

  private final int remembered;
  private final Map<Long, Resolved> byHalf = new HashMap<>();
  private final Deque<Resolved[]> chunks = new ArrayDeque<>();

  /** Index of the oldest in the first chunk. */
  private int first;

  /** Index behind the newest in the last chunk; that of a full one while there is none. */
  private int end = CHUNK;

  Resolutions() {
    this(REMEMBERED);
  }

  /** Of which so many are remembered. */
  Resolutions(int remembered) {
    this.remembered = remembered;
  }

  Optional<Resolved> find(long halfPosition) {
    return Optional.ofNullable(byHalf.get(halfPosition));
  }

  /** The next one in the log. */
  void add(Resolved resolved) {
    if (end == CHUNK) {
      chunks.addLast(new Resolved[CHUNK]);
      end = 0;
    }
    chunks.getLast()[end++] = resolved;
    byHalf.put(resolved.halfPosition(), resolved);
    if (byHalf.size() > remembered) {
      removeOldest();
    }
  }

  /** What lies before it went with its segments. */
  void forgetBefore(long firstPosition) {
    while (!byHalf.isEmpty() && chunks.getFirst()[first].position() < firstPosition) {
      removeOldest();
    }
  }

  private void removeOldest() {
    Resolved oldest = chunks.getFirst()[first++];
    byHalf.remove(oldest.halfPosition(), oldest);
    if (first == CHUNK) {
      chunks.removeFirst();
      first = 0;
    }
  }

  /** All of them now; takes as long as there are chunks. */
  Captured capture() {
    return new Captured(List.copyOf(chunks), first, end);
  }

  /** Resolutions at the position of a snapshot, not to be changed any more. Any thread. */
  record Captured(List<Resolved[]> chunks, int first, int end) {

    int count() {
      return chunks.size() * CHUNK - first - (CHUNK - end);
    }

    /** In an order in which they can be added again. */
    Resolved at(int index) {
      return chunks.get((first + index) / CHUNK)[(first + index) % CHUNK];
    }
  }
}
