package io.moiety.broker.transaction;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord.BranchPrepared;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.protocol.BranchXid;
import java.util.List;
import java.util.Optional;

/**
 * Says who may take a step in a branch: a connection that has a part in it, and whoever might have
 * done all that was done in it. Separate from the decisions themselves, which are the same for
 * everybody.
 *
 * <p>Owner: the store turn.
 */
public final class BranchRights {
  private final Branches branches;
  private final DecidedBranches decided;
  private final RecordReader reader;

  public BranchRights(Branches branches, DecidedBranches decided, RecordReader reader) {
    this.branches = branches;
    this.decided = decided;
    this.reader = reader;
  }

  /** Who wants to take the step. */
  public interface Claimant {

    long connectionId();

    boolean mayProduce(String topic);

    boolean mayConsume(String group, String topic);
  }

  /** What {@link #permits} will read. */
  public List<RecordSpan> reads(BranchXid xid, Claimant claimant) {
    return isPart(xid, claimant)
        ? List.of()
        : sends(xid).stream()
            .map(send -> new RecordSpan(send.position(), send.sizeBytes()))
            .toList();
  }

  /** Whether a step may be taken; of a branch that is not there there is nothing to protect. */
  public boolean permits(BranchXid xid, Claimant claimant) {
    return isPart(xid, claimant)
        || (acks(xid).stream().allMatch(ack -> claimant.mayConsume(ack.group(), ack.topic()))
            && sends(xid).stream().map(this::topic).distinct().allMatch(claimant::mayProduce));
  }

  /** The request in which it took part was permitted. */
  private boolean isPart(BranchXid xid, Claimant claimant) {
    return branches
        .find(xid)
        .filter(branch -> branch.contributes(claimant.connectionId()))
        .isPresent();
  }

  private String topic(BranchSend send) {
    return Completion.real(reader.read(send.position(), send.sizeBytes())).topic();
  }

  private List<BranchSend> sends(BranchXid xid) {
    Optional<Branch> active = branches.find(xid);
    return active
        .map(Branch::sends)
        .or(() -> decided.prepared(xid).map(BranchPrepared::sends))
        .orElse(List.of());
  }

  private List<AckRange> acks(BranchXid xid) {
    Optional<Branch> active = branches.find(xid);
    return active
        .map(Branch::acks)
        .or(() -> decided.prepared(xid).map(BranchPrepared::acks))
        .orElse(List.of());
  }
}
