package io.moiety.broker.retention;

import io.moiety.broker.log.DiskSpace;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses producers while the disk is too full; consumers, acknowledgements and decisions go on, so
 * that space can become free. It follows the disk by itself: no restart is needed.
 *
 * <p>Owner: the store turn.
 */
public final class DiskGuard {
  private static final Logger LOG = System.getLogger(DiskGuard.class.getName());

  private final Supplier<DiskSpace> space;
  private final Supplier<Optional<String>> obstacle;
  private final RetentionPolicy policy;
  private @Nullable DiskSpace judged;
  private Optional<String> judgedObstacle = Optional.empty();
  private Optional<String> pinned = Optional.empty();
  private Optional<String> refusal = Optional.empty();

  /**
   * A guard that asks each time, which must cost nothing.
   *
   * @param obstacle why the log cannot prepare more room; what it has left is then for
   *     acknowledgements and for what makes room
   */
  public DiskGuard(
      Supplier<DiskSpace> space, Supplier<Optional<String>> obstacle, RetentionPolicy policy) {
    this.space = space;
    this.obstacle = obstacle;
    this.policy = policy;
  }

  /** Why no message is taken now; empty when they are. */
  public Optional<String> refusal() {
    if (!space.get().equals(judged) || !obstacle.get().equals(judgedObstacle)) {
      judge();
    }
    return refusal;
  }

  /** The log can delete nothing and is too large, or not any more. */
  void pinned(Optional<String> why) {
    pinned = why;
    judge();
  }

  private void judge() {
    DiskSpace now = space.get();
    Optional<String> stuck = obstacle.get();
    judged = now;
    judgedObstacle = stuck;
    boolean refused = refusal.isPresent();
    refusal = policy.refusal(now).or(() -> stuck.map(policy::refusalWhenStuck)).or(() -> pinned);
    if (refusal.isPresent() && !refused) {
      LOG.log(Level.ERROR, "Producers are refused: {0}", refusal.get());
    } else if (refusal.isEmpty() && refused) {
      LOG.log(Level.INFO, "Producers are taken again: the disk has space");
    }
  }
}
