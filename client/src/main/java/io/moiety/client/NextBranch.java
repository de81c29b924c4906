package io.moiety.client;

import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Fields;
import java.time.Duration;
import java.util.Optional;

/**
 * A branch that is to be started together with the commit of another.
 *
 * @param timeout after which the broker rolls it back unless it is prepared or committed
 */
public record NextBranch(BranchXid xid, Duration timeout) {

  Fields.Builder askIn(Fields.Builder commit) {
    return commit.put("next", xid.toText()).put("timeoutMillis", timeout.toMillis());
  }

  /** Empty when the broker did not start it. */
  Optional<Branch> startedBy(Fields answer) {
    return answer.text("nextIncarnation").isPresent()
        ? Optional.of(new Branch(xid, answer.requiredLong("nextIncarnation")))
        : Optional.empty();
  }
}
