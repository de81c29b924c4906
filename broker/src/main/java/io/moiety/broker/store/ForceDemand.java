package io.moiety.broker.store;

import java.util.OptionalLong;

/**
 * What of the log is to be forced, how soon, and what may be seen before that. A record either must
 * be forced before it, or anything behind it, is seen; or it needs no force, and is seen as soon as
 * everything before it may be. Under {@code ASYNC_FLUSH} everything is seen, and only what somebody
 * waits for is forced.
 *
 * <p>Owner: the store turn.
 */
final class ForceDemand {

  /** What nobody waits for is forced with others, or alone after so long. */
  private static final long SOON_MILLIS = 2;

  private final boolean syncFlush;

  /** End of the last record that must be forced before it is seen. */
  private long toForceEnd;

  /** Up to where records needed no force, before the first of those that are not forced yet. */
  private long seenUnforcedEnd;

  /** Of this batch: records that must be forced. */
  private boolean wanted;

  /** Of this batch: what somebody waits for, in whatever flush mode. */
  private long awaitedEnd;

  /** End of the last record that nobody waits for. */
  private long soonEnd;

  /** When those up to there are forced, unless another force has brought them to the disk. */
  private long dueMillis = Long.MAX_VALUE;

  ForceDemand(boolean syncFlush) {
    this.syncFlush = syncFlush;
  }

  /** These records were appended and must be forced; the force begins with the batch's end. */
  void must(long beginPosition, long endPosition, long durablePosition) {
    if (durablePosition >= toForceEnd) {
      seenUnforcedEnd = beginPosition;
    }
    toForceEnd = endPosition;
    wanted = true;
  }

  /** A record was appended that needs no force to be seen, but shall not wait for it long. */
  void soon(long endPosition, long nowMillis) {
    soonEnd = endPosition;
    dueMillis = Math.min(dueMillis, nowMillis + SOON_MILLIS);
  }

  /** Somebody waits until everything before this position is durable. */
  void awaited(long endPosition) {
    awaitedEnd = Math.max(awaitedEnd, endPosition);
  }

  /** End of what may be seen. */
  long servableEnd(long durablePosition, long appendedPosition) {
    return syncFlush && durablePosition < toForceEnd
        ? Math.max(durablePosition, seenUnforcedEnd)
        : appendedPosition;
  }

  /** At the end of a batch: up to where to force, if there is something. */
  OptionalLong take(long nowMillis, long appendedPosition, long durablePosition) {
    long end = awaitedEnd;
    if (syncFlush && wanted) {
      end = Math.max(end, toForceEnd);
    }
    if (Math.max(durablePosition, end) >= soonEnd) {
      dueMillis = Long.MAX_VALUE;
    }
    if (syncFlush && dueMillis <= nowMillis) {
      end = appendedPosition;
      dueMillis = Long.MAX_VALUE;
    }
    wanted = false;
    awaitedEnd = 0;
    return end == 0 ? OptionalLong.empty() : OptionalLong.of(end);
  }

  /** When {@link #take} has something to force that nobody waits for, or never. */
  long dueMillis() {
    return syncFlush ? dueMillis : Long.MAX_VALUE;
  }
}
