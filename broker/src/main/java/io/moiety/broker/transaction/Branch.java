package io.moiety.broker.transaction;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.protocol.BranchXid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A branch that is neither prepared nor decided. It lives in memory only: a crash forgets it, which
 * is a rollback (presumed abort), for its half messages are found by nobody without a decision.
 *
 * <pre>
 * ACTIVE --end--> ENDED --start(TMJOIN)--> ACTIVE
 * ACTIVE --end(TMSUSPEND)--> SUSPENDED --start(TMRESUME)--> ACTIVE
 * SUSPENDED --start(TMJOIN)--> ACTIVE, SUSPENDED --end--> ENDED
 * any --end(TMFAIL), a part too many--> rollback-only (beside the above)
 * any --lost connection, deadline, administrator--> rollback-only and emptied
 * </pre>
 *
 * <table>
 * <caption>Legal events</caption>
 * <tr><td>ACTIVE</td><td>send, acknowledge, end with any flag, start(TMJOIN)</td></tr>
 * <tr><td>SUSPENDED</td><td>start(TMRESUME), start(TMJOIN), end(TMSUCCESS), end(TMFAIL)</td></tr>
 * <tr><td>ENDED</td><td>start(TMJOIN), end(TMFAIL), prepare, commit in one phase</td></tr>
 * <tr><td>rollback-only</td><td>end; no start, no work; prepare and commit answer why</td></tr>
 * </table>
 *
 * Rollback is legal in all of them. Emptied, it has given back what it had, and only waits to tell
 * its transaction manager so, until {@link #KNOWN_MILLIS} after its deadline.
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

  /**
   * How long after its deadline a branch that was rolled back is known to have been: longer than a
   * transaction manager that still works takes to ask. "Unknown" is taken for committed by some.
   */
  static final long KNOWN_MILLIS = 300_000;

  private static final int SEND_BYTES = 16;
  private static final int RANGE_BYTES = 28;

  private final BranchXid xid;
  private final long incarnation;
  private final long startedMillis;
  private final long deadlineMillis;
  private final List<BranchSend> sends = new ArrayList<>();
  private final List<AckRange> acks = new ArrayList<>();
  private final Set<Integer> sequences = new HashSet<>();
  private final Set<Long> connections = new HashSet<>();
  private int contentBytes;

  /** Connections that work in it now. */
  private int active = 1;

  /** Connections that will go on. */
  private int suspended;

  private int ackRequests;
  private Optional<XaRefusal> rollbackOnly = Optional.empty();
  private boolean emptied;

  Branch(
      BranchXid xid, long incarnation, long connectionId, long startedMillis, long deadlineMillis) {
    this.xid = xid;
    this.incarnation = incarnation;
    this.startedMillis = startedMillis;
    this.deadlineMillis = deadlineMillis;
    connections.add(connectionId);
  }

  BranchXid xid() {
    return xid;
  }

  long incarnation() {
    return incarnation;
  }

  long startedMillis() {
    return startedMillis;
  }

  /** True when nobody ended it in time, and what it has must go back. */
  boolean isOverdue(long nowMillis) {
    return !emptied && deadlineMillis <= nowMillis;
  }

  /** True when nobody needs to hear of it any more. */
  boolean isForgotten(long nowMillis) {
    return emptied && deadlineMillis + KNOWN_MILLIS <= nowMillis;
  }

  List<BranchSend> sends() {
    return List.copyOf(sends);
  }

  List<AckRange> acks() {
    return List.copyOf(acks);
  }

  /** Its sends and acknowledged ranges. */
  int parts() {
    return sends.size() + acks.size();
  }

  boolean isReadOnly() {
    return sends.isEmpty() && acks.isEmpty();
  }

  boolean takesWork() {
    return active > 0 && rollbackOnly.isEmpty();
  }

  boolean isEnded() {
    return active == 0 && suspended == 0;
  }

  /** Whether one connection works in it, and no other will go on: its end is the branch's. */
  boolean endsWithOne() {
    return active == 1 && suspended == 0;
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
  Optional<XaRefusal> rollbackOnly() {
    return rollbackOnly;
  }

  BranchState state() {
    return rollbackOnly.isEmpty() ? BranchState.ACTIVE : BranchState.ROLLBACK_ONLY;
  }

  void joined(long connectionId) {
    active++;
    connections.add(connectionId);
  }

  boolean resumed(long connectionId) {
    if (suspended == 0) {
      return false;
    }
    suspended--;
    active++;
    connections.add(connectionId);
    return true;
  }

  boolean suspended() {
    if (active == 0) {
      return false;
    }
    active--;
    suspended++;
    return true;
  }

  /** Ends one that is active or, where none is, one that is suspended. */
  boolean ended() {
    if (isEnded()) {
      return false;
    }
    if (active > 0) {
      active--;
    } else {
      suspended--;
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

  /** The first reason is the one that counts. */
  void rollbackOnly(int xaError, String reason) {
    if (rollbackOnly.isEmpty()) {
      rollbackOnly =
          Optional.of(
              new XaRefusal(xaError, "branch " + xid + " can only be rolled back: " + reason));
    }
  }

  /** What it had is given back; only the reason is left to be told. */
  void emptied(int xaError, String reason) {
    rollbackOnly(xaError, reason);
    emptied = true;
    sends.clear();
    acks.clear();
    sequences.clear();
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

  /** What sends and ranges take in a record of the log, at most. */
  static long contentBytes(int sends, List<AckRange> acks) {
    return (long) sends * SEND_BYTES + bytesOf(acks);
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
