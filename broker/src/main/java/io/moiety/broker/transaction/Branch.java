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
 * any --end(TMFAIL), a part too many, lost connection--> rollback-only (beside the above)
 * </pre>
 *
 * With a lost connection it has given back what it had, and only waits to tell its transaction
 * manager so, until its deadline.
 *
 * <p>Owner: the store turn.
 */
final class Branch {
  /** Sends, and acknowledged ranges, that one branch may have. */
  static final int MAX_PARTS = 50_000;

  /**
   * What the sends and ranges may take in a record of the log. Less than the smallest limit of a
   * record by enough for everything else in it, so that a decision always fits where the prepare
   * did.
   */
  static final int MAX_CONTENT_BYTES = 4 * 1024 * 1024;

  private static final int SEND_BYTES = 16;
  private static final int RANGE_BYTES = 28;

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
  private final Set<Integer> sequences = new HashSet<>();
  private final Set<Long> connections = new HashSet<>();
  private int contentBytes;
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

  /** Whether another send fits. */
  boolean hasRoom() {
    return sends.size() < MAX_PARTS && contentBytes <= MAX_CONTENT_BYTES - SEND_BYTES;
  }

  /** Whether these acknowledgements fit. */
  boolean hasRoom(List<AckRange> ranges) {
    return acks.size() <= MAX_PARTS - ranges.size()
        && contentBytes <= MAX_CONTENT_BYTES - bytesOf(ranges);
  }

  /** Whether a message with this number was sent in the branch. */
  boolean hasSent(int sequence) {
    return sequences.contains(sequence);
  }

  /** Whether a message of the branch lies before a position of the log. */
  boolean hasSentBefore(long position) {
    return !sends.isEmpty() && sends.get(0).position() < position;
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
    sequences.add(send.sequence());
    contentBytes += SEND_BYTES;
    connections.add(connectionId);
  }

  void acknowledged(List<AckRange> ranges, long connectionId) {
    ackRequests++;
    acks.addAll(ranges);
    contentBytes += bytesOf(ranges);
    connections.add(connectionId);
  }

  void rollbackOnly(String reason) {
    if (rollbackOnlyReason.isEmpty()) {
      rollbackOnlyReason = reason;
    }
  }

  /** What it had is given back; only the reason is left to be told. */
  void emptied(String reason) {
    rollbackOnly(reason);
    sends.clear();
    acks.clear();
    connections.clear();
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

  /** In UTF-8 a name has at most three bytes for each character. */
  private static int bytesOf(List<AckRange> ranges) {
    int bytes = 0;
    for (AckRange range : ranges) {
      bytes += RANGE_BYTES + 3 * (range.group().length() + range.topic().length());
    }
    return bytes;
  }
}
