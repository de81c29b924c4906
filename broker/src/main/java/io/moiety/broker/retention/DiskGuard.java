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
  private final RetentionPolicy policy;
  private @Nullable DiskSpace judged;
  private Optional<String> pinned = Optional.empty();
  private Optional<String> refusal = Optional.empty();

  /** A guard that asks for the room on the disk each time, which must cost nothing. */
  public DiskGuard(Supplier<DiskSpace> space, RetentionPolicy policy) {
    this.space = space;
    this.policy = policy;
  }

  /** Why no message is taken now; empty when they are. */
  public Optional<String> refusal() {
    DiskSpace now = space.get();
    if (!now.equals(judged)) {
      judged = now;
      judge(now);
    }
    return refusal;
  }

  /** The log can delete nothing and is too large, or not any more. */
  void pinned(Optional<String> why) {
    pinned = why;
    judge(space.get());
  }

  private void judge(DiskSpace now) {
    boolean refused = refusal.isPresent();
    refusal = policy.refusal(now).or(() -> pinned);
    if (refusal.isPresent() && !refused) {
      LOG.log(Level.ERROR, "Producers are refused: {0}", refusal.get());
    } else if (refusal.isEmpty() && refused) {
      LOG.log(Level.INFO, "Producers are taken again: the disk has space");
    }
  }
}
