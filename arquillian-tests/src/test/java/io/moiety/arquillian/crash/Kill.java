package io.moiety.arquillian.crash;

import io.moiety.arquillian.orders.Mode;
import java.util.ArrayList;
import java.util.List;

/** One cell of the matrix. */
record Kill(Direction direction, KillPoint point) {

  /**
   * What there is to be killed. In mode CHECK_BACK only what requests begin: the application's bean
   * is not configured for an outcome table.
   */
  static List<Kill> all(Mode mode) {
    List<Kill> all = new ArrayList<>();
    for (KillPoint point : KillPoint.of(mode)) {
      all.add(new Kill(Direction.OUTBOUND, point));
      if (mode == Mode.XA) {
        all.add(new Kill(Direction.INBOUND, point));
      }
    }
    return all;
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
