package io.moiety.broker.transaction;

import io.moiety.broker.store.AckRange;
import io.moiety.protocol.BranchXid;
import java.util.List;
import java.util.Optional;

/** Takes provisional acknowledgements into a branch. Store turn only. */
@FunctionalInterface
public interface BranchAcks {
  /**
   * One acknowledge request of the branch, all of it or nothing.
   *
   * @param connectionId the connection whose loss makes the branch rollback-only
   * @return empty when the branch took them
   */
  Optional<XaRefusal> acknowledge(
      BranchXid xid, long incarnation, long connectionId, List<AckRange> ranges);
}
