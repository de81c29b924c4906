package io.moiety.broker.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects the records of a base during a replay: only the whole of it counts. A base that a crash
 * cut off is dropped; what it says is in the log before it as well.
 *
 * <p>Confined to the replay.
 */
final class BaseReplay {
  private static final Logger LOG = System.getLogger(BaseReplay.class.getName());

  private Optional<BaseRecord.Begun> begun = Optional.empty();
  private final List<SystemRecord> facts = new ArrayList<>();
  private int factRecords;
  private int complete;

  /** The next record, of a base; what the base says when this one completes it. */
  Optional<List<SystemRecord>> next(BaseRecord record) {
    if (record instanceof BaseRecord.Begun mark) {
      drop();
      begun = Optional.of(mark);
    } else if (record instanceof BaseRecord.Said said) {
      facts.addAll(said.facts());
      factRecords++;
    } else if (record instanceof BaseRecord.Ended ended && isComplete(ended)) {
      List<SystemRecord> all = List.copyOf(facts);
      begun = Optional.empty();
      drop();
      complete++;
      return Optional.of(all);
    } else {
      drop();
    }
    return Optional.empty();
  }

  /** How many whole bases there were so far. */
  int complete() {
    return complete;
  }

  /** A record of another kind, or the end of the log: no base goes on behind it. */
  void drop() {
    begun.ifPresent(
        mark -> LOG.log(Level.INFO, "A base of which a stop left only a part is passed over"));
    begun = Optional.empty();
    facts.clear();
    factRecords = 0;
  }

  private boolean isComplete(BaseRecord.Ended ended) {
    return factRecords == ended.factRecords()
        && begun.filter(mark -> mark.id().equals(ended.id())).isPresent();
  }
}
