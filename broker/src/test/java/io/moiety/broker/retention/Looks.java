package io.moiety.broker.retention;

import io.moiety.broker.store.RecordSpan;
import java.util.List;
import java.util.Optional;

/** What retention would carry forward, for tests of those whom it asks. */
public final class Looks {
  private Looks() {}

  /**
   * What is needed of the log before a position, in log order; empty when it must not go at all.
   */
  public static Optional<List<RecordSpan>> at(List<LiveRecords> sources, long endPosition) {
    LiveSet live = new LiveSet(Long.MAX_VALUE);
    for (LiveRecords source : sources) {
      LiveLook look = source.look(endPosition);
      while (!live.isFull() && !look.goOn(live)) {
        // It looks at so many at a time.
      }
    }
    return live.isFull()
        ? Optional.empty()
        : Optional.of(live.first(Integer.MAX_VALUE, Long.MAX_VALUE));
  }

  /** In how many goes one comes to its end. */
  public static int goes(LiveRecords source, long endPosition) {
    LiveSet live = new LiveSet(Long.MAX_VALUE);
    LiveLook look = source.look(endPosition);
    int goes = 1;
    while (!look.goOn(live)) {
      goes++;
    }
    return goes;
  }
}
