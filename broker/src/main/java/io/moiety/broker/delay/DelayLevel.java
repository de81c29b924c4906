package io.moiety.broker.delay;

import io.moiety.broker.queue.ConsumeQueue;
import java.io.DataInput;
import java.io.IOException;

/**
 * One delay level beside its queue: what of it is done with, and, of this run only, where its next
 * message is looked for.
 *
 * <p>Owner: the store turn.
 */
final class DelayLevel {
  private final LevelProgress progress;

  /** Cannot be delivered now, and does not hold the others up. */
  private final OffsetSet passedOver = new OffsetSet();

  /** Before it nothing is to be delivered. */
  private long lookFrom;

  /**
   * Nothing tells where the next message is. To go on behind it would be to forget it; the next
   * start rebuilds the block.
   */
  private long stop = Long.MAX_VALUE;

  /** What is before it was stored by earlier runs, on their clocks, wherever it lies by now. */
  private long startOffset;

  /** A level of which nothing is done with. */
  DelayLevel() {
    this(new LevelProgress());
  }

  private DelayLevel(LevelProgress progress) {
    this.progress = progress;
  }

  static DelayLevel restored(DataInput in) throws IOException {
    return new DelayLevel(LevelProgress.restored(in));
  }

  LevelProgress progress() {
    return progress;
  }

  /** After replay, with the end of its queue. */
  void started(long nextOffset) {
    startOffset = nextOffset;
  }

  boolean isOfEarlierRun(long queueOffset) {
    return queueOffset < startOffset;
  }

  void done(long queueOffset) {
    progress.done(queueOffset);
    passedOver.remove(queueOffset);
  }

  void cancelled(long queueOffset) {
    progress.cancelled(queueOffset);
    passedOver.remove(queueOffset);
  }

  void passOver(long queueOffset) {
    passedOver.add(queueOffset);
  }

  /** Where the first message is looked for that is to be delivered. */
  long lookFrom() {
    return Math.max(lookFrom, progress.floor());
  }

  /** It was found there. */
  void foundAt(long queueOffset) {
    lookFrom = queueOffset;
  }

  boolean isStoppedAt(long queueOffset) {
    return queueOffset >= stop;
  }

  void stopAt(long queueOffset) {
    stop = queueOffset;
  }

  /**
   * The first offset from one on whose message may be served and is to be delivered; at or behind
   * {@link ConsumeQueue#servedOffset} without one. Passes over masses of others in short time.
   */
  long nextToDeliver(ConsumeQueue queue, long from) {
    long at = queue.nextPresent(from);
    while (at < queue.servedOffset() && !isToBeDelivered(at)) {
      at = queue.nextPresent(passedOver.nextAbsent(progress.nextOpen(at)));
    }
    return at;
  }

  private boolean isToBeDelivered(long queueOffset) {
    return !progress.isDone(queueOffset) && !passedOver.contains(queueOffset);
  }
}
