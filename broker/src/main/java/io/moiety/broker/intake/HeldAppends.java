package io.moiety.broker.intake;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.DueWork;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Requests that the store refuses since its disk is behind: sends, acknowledgements, steps of
 * transactions. They wait here, in order, and are tried again until there is room; while one waits
 * those that come later wait behind it, so that what a connection sends stays in order. A producer
 * that is told to come again comes again at once, so a disk that is slow for a moment would fail
 * its sends; held back, it just sends more slowly. Whoever has waited too long is refused, and so
 * is one more than can wait. A request that is tried again is judged anew, so it must be one that
 * has changed nothing when the store refuses it.
 *
 * <p>Owner: the store turn.
 */
public final class HeldAppends implements DueWork {

  /** Longer than a disk is slow now and then, shorter than clients wait for an answer. */
  static final long LONGEST_WAIT_MILLIS = 1_000;

  static final int MOST_HELD = 8_192;

  /** Others have the turn in between. */
  private static final int MAX_PER_RUN = 256;

  /** Room is made by a thread that tells nobody. */
  private static final long RETRY_MILLIS = 2;

  private final Queue<Held> held = new ArrayDeque<>();
  private long retryMillis;

  /**
   * Somebody who waits.
   *
   * @param put throws {@link AppendRefusedException} when it must be tried again
   */
  private record Held(Runnable put, Consumer<RuntimeException> refused, long untilMillis) {}

  /**
   * Stores now, or later when the store has no room or others wait already.
   *
   * @param put may be run several times; what it throws other than that there is no room is told
   * @param refused told why nothing came of it
   */
  public void take(long nowMillis, Runnable put, Consumer<RuntimeException> refused) {
    Held send = new Held(put, refused, nowMillis + LONGEST_WAIT_MILLIS);
    if (held.size() == MOST_HELD) {
      refused.accept(
          new AppendRefusedException(
              PutStatus.OS_PAGE_CACHE_BUSY,
              MOST_HELD + " requests wait for room in the store already: send again later"));
    } else if (!held.isEmpty() || !attempt(send, nowMillis)) {
      held.add(send);
    }
  }

  @Override
  public void run(long nowMillis) {
    for (int i = 0; i < MAX_PER_RUN && !held.isEmpty(); i++) {
      if (!attempt(held.element(), nowMillis)) {
        return;
      }
      held.remove();
    }
    retryMillis = nowMillis;
  }

  @Override
  public long nextDueMillis() {
    return held.isEmpty() ? Long.MAX_VALUE : retryMillis;
  }

  /** False when it has to wait. */
  private boolean attempt(Held send, long nowMillis) {
    try {
      send.put().run();
      return true;
    } catch (AppendRefusedException noRoom) {
      if (noRoom.status() == PutStatus.OS_PAGE_CACHE_BUSY && nowMillis < send.untilMillis()) {
        retryMillis = nowMillis + RETRY_MILLIS;
        return false;
      }
      send.refused().accept(noRoom);
      return true;
    } catch (RuntimeException failure) {
      // Broad, since those who wait behind have no part in this one's failure.
      send.refused().accept(failure);
      return true;
    }
  }
}
