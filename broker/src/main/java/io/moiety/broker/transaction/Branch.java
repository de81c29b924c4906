package io.moiety.broker.transaction;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.protocol.BranchXid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A branch that is neither prepared nor decided. It lives in memory only: a crash forgets it, which
 * is a rollback (presumed abort), for its half messages are found by nobody without a decision.
 *
 * <pre>
 * ACTIVE --end--> ENDED --start(TMJOIN)--> ACTIVE
 * ACTIVE --end(TMSUSPEND)--> SUSPENDED --start(TMRESUME)--> ACTIVE
 * any --end(TMFAIL), lost connection, refused send--> rollback-only (beside the above)
 * </pre>
 *
 * <p>Owner: the store turn.
 */
final class Branch {
  /** Sends, and acknowledged ranges, that one branch may have: its decision must fit one record. */
  static final int MAX_PARTS = 50_000;

  enum Association {
    ACTIVE,
    SUSPENDED,
    ENDED
  }

  private final BranchXid xid;
  private final long incarnation;
  private final long deadlineMillis;
  private final List<BranchSend> sends = new ArrayList<>();
  private final List<AckRange> acks = new ArrayList<>();
  private final Set<Long> connections = new HashSet<>();
  private int associations = 1;
  private int ackRequests;
  private Association association = Association.ACTIVE;
  private String rollbackOnlyReason = "";

  Branch(BranchXid xid, long incarnation, long connectionId, long deadlineMillis) {
    this.xid = xid;
    this.incarnation = incarnation;
    this.deadlineMillis = deadlineMillis;
    connections.add(connectionId);
  }

  BranchXid xid() {
    return xid;
  }

  long incarnation() {
    return incarnation;
  }

  long deadlineMillis() {
    return deadlineMillis;
  }

  List<BranchSend> sends() {
    return List.copyOf(sends);
  }

  List<AckRange> acks() {
    return List.copyOf(acks);
  }

  boolean isReadOnly() {
    return sends.isEmpty() && acks.isEmpty();
  }

  boolean takesWork() {
    return association == Association.ACTIVE && rollbackOnlyReason.isEmpty();
  }

  boolean isEnded() {
    return association == Association.ENDED;
  }

  boolean isFull() {
    return sends.size() >= MAX_PARTS || acks.size() >= MAX_PARTS;
  }

  /** Why it can only be rolled back; empty when it can be committed. */
  String rollbackOnlyReason() {
    return rollbackOnlyReason;
  }

  void joined(long connectionId) {
    association = Association.ACTIVE;
    associations++;
    connections.add(connectionId);
  }

  boolean resumed(long connectionId) {
    if (association != Association.SUSPENDED) {
      return false;
    }
    association = Association.ACTIVE;
    connections.add(connectionId);
    return true;
  }

  boolean suspended() {
    if (association != Association.ACTIVE) {
      return false;
    }
    association = Association.SUSPENDED;
    return true;
  }

  boolean ended() {
    if (association == Association.ENDED) {
      return false;
    }
    associations--;
    if (associations == 0) {
      association = Association.ENDED;
    }
    return true;
  }

  void sent(BranchSend send, long connectionId) {
    sends.add(send);
    connections.add(connectionId);
  }

  void acknowledged(List<AckRange> ranges, long connectionId) {
    ackRequests++;
    acks.addAll(ranges);
    connections.add(connectionId);
  }

  void rollbackOnly(String reason) {
    if (rollbackOnlyReason.isEmpty()) {
      rollbackOnlyReason = reason;
    }
  }

  boolean contributes(long connectionId) {
    return connections.contains(connectionId);
  }

  /** True when nothing of what the client did in the branch was lost on the way. */
  boolean hasAll(int sendRequests, int acknowledgeRequests) {
    return sends.size() == sendRequests && ackRequests == acknowledgeRequests;
  }

  int ackRequests() {
    return ackRequests;
  }
}
