package io.moiety.arquillian.crash;

import io.moiety.arquillian.orders.Mode;
import java.util.ArrayList;
import java.util.List;

/** One cell of the matrix. */
record Kill(Direction direction, KillPoint point) {

  /** What there is to be killed. */
  static List<Kill> all(Mode mode) {
    List<Kill> all = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      for (KillPoint point : KillPoint.of(mode, direction)) {
        all.add(new Kill(direction, point));
      }
    }
    return all;
  }

  /**
   * The last one wherever several follow one another: nothing agrees before recovery has looked at
   * all, so by then it would have committed what was to be rolled back.
   */
  static Kill mendedByRecovery(Mode mode) {
    return new Kill(
        Direction.OUTBOUND,
        mode == Mode.XA ? KillPoint.BEFORE_COMMIT : KillPoint.DATABASE_COMMITTED);
  }

  /**
   * A message whose first delivery ends in a crash is delivered again: its row comes in the end.
   */
  boolean commits() {
    return direction == Direction.INBOUND || point.commits();
  }

  @Override
  public String toString() {
    return direction + " " + point;
  }
}
