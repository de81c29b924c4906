package io.moiety.broker.transaction;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.protocol.BranchXid;
import java.util.List;

/**
 * What the views know of a transaction, for whoever reads its records elsewhere and tells a person
 * of it. Immutable.
 */
public sealed interface KnownTransaction {
  /**
   * A half message that waits for its resolution.
   *
   * @param position its name
   * @param storedPosition where its record lies now
   */
  record OpenHalf(long position, long storedPosition, int checks, long nextCheckMillis)
      implements KnownTransaction {}

  /**
   * A half message that does not.
   *
   * @param state PARKED, COMMITTED or ROLLED_BACK
   * @param resolvedPosition the record that ended it, which tells who and when
   */
  record EndedHalf(long position, String state, long resolvedPosition)
      implements KnownTransaction {}

  /**
   * A branch.
   *
   * @param sinceMillis when it was started, prepared or decided
   * @param decidedBy who decided it; empty while nobody did
   * @param remark what else there is to know of it; may be empty
   * @param sends what it sends; of a decided one, what is not appended yet
   */
  record KnownBranch(
      BranchXid xid,
      long incarnation,
      BranchState state,
      long sinceMillis,
      String decidedBy,
      String remark,
      List<BranchSend> sends,
      List<AckRange> acks)
      implements KnownTransaction {}
}
