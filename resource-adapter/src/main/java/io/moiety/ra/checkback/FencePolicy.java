package io.moiety.ra.checkback;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * When a node may end a transaction of another one: the other is gone, and {@code
 * fenceAfterSeconds} have passed both since the send and since it was first missed.
 *
 * <p>Gone means that none of its connections is a member of the producer group at the broker. A
 * living node whose connection is cut comes back within seconds; only one that is cut off for as
 * long as its transactions may last is taken for gone. A fence is safe even then, since the
 * database lets only one of fence and transaction win.
 *
 * <p>Pure but for what it remembers; thread-safe by its lock.
 */
final class FencePolicy {

  /** Runs that are remembered as missed; forgotten ones are waited for once more. */
  private static final int MAX_REMEMBERED = 1_000;

  private final Map<String, Long> missedSinceNanos =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** A run was seen to be there. */
  synchronized void seen(String instance) {
    missedSinceNanos.remove(instance);
  }

  /**
   * A run was missed at the broker.
   *
   * @param sentMillis when the half message was sent
   * @return true when its transaction may be fenced
   */
  synchronized boolean missed(HalfOrigin origin, long sentMillis, long nowMillis, long nowNanos) {
    long since = missedSinceNanos.computeIfAbsent(origin.instance(), first -> nowNanos);
    long fenceAfterMillis = TimeUnit.SECONDS.toMillis(origin.fenceAfterSeconds());
    return nowMillis - sentMillis >= fenceAfterMillis
        && nowNanos - since >= TimeUnit.MILLISECONDS.toNanos(fenceAfterMillis);
  }
}
