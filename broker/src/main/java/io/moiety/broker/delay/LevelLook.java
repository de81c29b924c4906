package io.moiety.broker.delay;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.snapshot.BlockDamagedException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A look for what waits on the delay levels, queue by queue: a level delivers in the order of its
 * queue, so all of it is from its floor on.
 *
 * <p>Owner: the store turn.
 */
final class LevelLook implements LiveLook {
  /** About a millisecond of the turn. */
  static final int LOOKED_AT_PER_RUN = 4_096;

  private final Deque<ConsumeQueue> queues;
  private final IntFunction<LevelProgress> progress;
  private final long endPosition;

  /** Of the queue that is looked at now. */
  private long nextOffset;

  /**
   * A look.
   *
   * @param progress of a level, by its queue id
   */
  LevelLook(Iterable<ConsumeQueue> queues, IntFunction<LevelProgress> progress, long endPosition) {
    this.queues = new ArrayDeque<>();
    queues.forEach(this.queues::add);
    this.progress = progress;
    this.endPosition = endPosition;
  }

  @Override
  public boolean goOn(LiveSet live) {
    try {
      for (int left = LOOKED_AT_PER_RUN; left > 0 && !queues.isEmpty() && !live.isFull(); left--) {
        lookAtNext(queues.element(), live);
      }
    } catch (BlockDamagedException | UncheckedIOException toldByTheFile) {
      live.cannotTell();
      return true;
    }
    return queues.isEmpty();
  }

  /** Behind what was carried, entries are in log order: the first beyond the end is the last. */
  private void lookAtNext(ConsumeQueue queue, LiveSet live) {
    LevelProgress done = progress.apply(queue.queueId());
    long offset = queue.nextPresent(done.nextOpen(nextOffset));
    Optional<Entry> entry = offset < queue.nextOffset() ? queue.find(offset) : Optional.empty();
    if (entry.isPresent() && entry.get().position() < endPosition) {
      if (!done.isDone(offset)) {
        live.add(entry.get().position(), entry.get().sizeBytes());
      }
      nextOffset = offset + 1;
    } else if (offset >= queue.carriedEndOffset() || offset >= queue.nextOffset()) {
      queues.remove();
      nextOffset = 0;
    } else {
      nextOffset = offset + 1;
    }
  }
}
