package io.moiety.broker.transaction;

import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.protocol.BranchXid;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/**
 * The branches that take work: started, and neither prepared nor decided. What ends them is in
 * {@link BranchDecisions}.
 *
 * <p>Owner: the store turn.
 */
public final class Branches implements BranchAcks, DueWork, LiveRecords {
  private static final Logger LOG = System.getLogger(Branches.class.getName());
  private static final long DEFAULT_TIMEOUT_MILLIS = 300_000;
  private static final long MAX_TIMEOUT_MILLIS = 24L * 60 * 60 * 1_000;
  private static final long SCAN_MILLIS = 1_000;
  private static final int MAX_ACTIVE = 100_000;

  /** Of the heap, what the sends and ranges of all branches may take that are not decided. */
  private static final int HEAP_SHARE = 8;

  private static final int PART_BYTES = 128;

  private final DecidedBranches decided;
  private final Incarnations incarnations;
  private final HeldAcks heldAcks;
  private final long maxParts;
  private final Map<BranchXid, Branch> active = new HashMap<>();

  /** Of the active ones. */
  private long parts;

  private long nextScanMillis;

  public Branches(DecidedBranches decided, Incarnations incarnations, HeldAcks heldAcks) {
    this(
        decided,
        incarnations,
        heldAcks,
        Runtime.getRuntime().maxMemory() / HEAP_SHARE / PART_BYTES);
  }

  /**
   * Without branches.
   *
   * @param maxParts sends and acknowledged ranges of all branches together that are not decided
   */
  Branches(DecidedBranches decided, Incarnations incarnations, HeldAcks heldAcks, long maxParts) {
    this.maxParts = maxParts;
    this.decided = decided;
    this.incarnations = incarnations;
    this.heldAcks = heldAcks;
  }

  /** What {@code XA_START} ends with. */
  public sealed interface StartAnswer {
    record Started(long incarnation) implements StartAnswer {}

    record Refused(XaRefusal refusal) implements StartAnswer {}
  }

  /**
   * {@code xa_start}. A branch that can only be rolled back is neither joined nor resumed.
   *
   * @param flags {@code TMNOFLAGS}, {@code TMJOIN} or {@code TMRESUME}
   * @param timeoutMillis 0 for the default
   */
  public StartAnswer start(
      BranchXid xid, int flags, long timeoutMillis, long connectionId, long nowMillis) {
    Branch branch = active.get(xid);
    return switch (flags) {
      case XAResource.TMNOFLAGS -> create(xid, timeoutMillis, connectionId, nowMillis);
      case XAResource.TMJOIN -> {
        if (branch == null) {
          yield refuseStart(XAException.XAER_NOTA, "there is no branch " + xid + " to join");
        }
        if (branch.rollbackOnly().isPresent()) {
          yield new StartAnswer.Refused(branch.rollbackOnly().get());
        }
        branch.joined(connectionId);
        yield new StartAnswer.Started(branch.incarnation());
      }
      case XAResource.TMRESUME -> {
        if (branch == null) {
          yield refuseStart(XAException.XAER_NOTA, "there is no branch " + xid + " to resume");
        }
        if (branch.rollbackOnly().isPresent()) {
          yield new StartAnswer.Refused(branch.rollbackOnly().get());
        }
        if (!branch.resumed(connectionId)) {
          yield refuseStart(XAException.XAER_PROTO, "branch " + xid + " is not suspended");
        }
        yield new StartAnswer.Started(branch.incarnation());
      }
      default -> refuseStart(XAException.XAER_INVAL, "start knows no flags " + flags);
    };
  }

  private StartAnswer create(BranchXid xid, long timeoutMillis, long connectionId, long nowMillis) {
    if (active.containsKey(xid) || decided.isInDoubt(xid)) {
      return refuseStart(XAException.XAER_DUPID, "branch " + xid + " exists");
    }
    if (active.size() >= MAX_ACTIVE) {
      return refuseStart(
          XAException.XAER_RMERR, MAX_ACTIVE + " branches are open, which is the limit");
    }
    long lifeMillis =
        timeoutMillis <= 0 ? DEFAULT_TIMEOUT_MILLIS : Math.min(timeoutMillis, MAX_TIMEOUT_MILLIS);
    Branch branch =
        new Branch(xid, incarnations.next(), connectionId, nowMillis, nowMillis + lifeMillis);
    active.put(xid, branch);
    return new StartAnswer.Started(branch.incarnation());
  }

  private static StartAnswer refuseStart(int xaError, String reason) {
    return new StartAnswer.Refused(new XaRefusal(xaError, reason));
  }

  /**
   * {@code xa_end}. One that has ended may still end by a failure: its resource sent the first end
   * before it knew that a part was refused.
   *
   * @param flags {@code TMSUCCESS}, {@code TMFAIL} or {@code TMSUSPEND}
   */
  public Optional<XaRefusal> end(BranchXid xid, long incarnation, int flags) {
    Branch branch = active.get(xid);
    if (branch == null || branch.incarnation() != incarnation) {
      return refuse(XAException.XAER_NOTA, "there is no branch " + xid + " to end");
    }
    boolean legal =
        switch (flags) {
          case XAResource.TMSUSPEND -> branch.suspended();
          case XAResource.TMSUCCESS -> branch.ended();
          case XAResource.TMFAIL -> branch.ended() || branch.isEnded();
          default -> false;
        };
    if (!legal) {
      return refuse(
          XAException.XAER_PROTO, "branch " + xid + " cannot end with flags " + flags + " now");
    }
    if (flags == XAResource.TMFAIL) {
      branch.rollbackOnly(XAException.XA_RBROLLBACK, "it was ended with TMFAIL");
    }
    return Optional.empty();
  }

  /**
   * Whether a message may be sent in the branch now; to be asked before it is appended.
   *
   * @param sequence its number in the branch, by which a completion knows what is delivered
   */
  public Optional<XaRefusal> refuseSend(BranchXid xid, long incarnation, int sequence) {
    Optional<XaRefusal> refusal = refuseWork(xid, incarnation, "sent");
    Branch branch = active.get(xid);
    if (refusal.isPresent() || branch == null) {
      return refusal;
    }
    if (branch.hasSent(sequence)) {
      return refuse(
          XAException.XAER_PROTO, "branch " + xid + " has a message " + sequence + " already");
    }
    return branch.hasRoom() ? refuseMore(branch, 1) : refuseFull(branch);
  }

  /** Whether a message may be sent that is all of the branch, and with which it ends. */
  public Optional<XaRefusal> refuseOnlySend(BranchXid xid, long incarnation) {
    Optional<XaRefusal> refusal = refuseWork(xid, incarnation, "sent");
    Branch branch = active.get(xid);
    if (refusal.isPresent() || branch == null) {
      return refusal;
    }
    return branch.isReadOnly() && branch.endsWithOne()
        ? Optional.empty()
        : refuse(
            XAException.XAER_PROTO,
            "branch "
                + xid
                + " has other parts than the message that is to commit it, or others work in it");
  }

  /** What all branches have is kept on the heap until they are decided. */
  private Optional<XaRefusal> refuseMore(Branch branch, int more) {
    long present = parts + decided.preparedParts();
    if (present + more <= maxParts) {
      return Optional.empty();
    }
    branch.rollbackOnly(
        XAException.XA_RBROLLBACK,
        "the branches that are not decided have "
            + present
            + " messages and acknowledgements, and "
            + maxParts
            + " are allowed, by an eighth of the heap: decide prepared ones");
    return branch.rollbackOnly();
  }

  /** A half message of the branch was appended, which {@link #refuseSend} had allowed. */
  public void sent(BranchXid xid, BranchSend send, long connectionId) {
    Branch branch = active.get(xid);
    if (branch != null) {
      branch.sent(send, connectionId);
      parts++;
    }
  }

  @Override
  public Optional<XaRefusal> acknowledge(
      BranchXid xid, long incarnation, long connectionId, List<AckRange> ranges) {
    Optional<XaRefusal> refusal = refuseWork(xid, incarnation, "acknowledged");
    if (refusal.isPresent()) {
      return refusal;
    }
    Branch branch = active.get(xid);
    if (branch == null || !branch.hasRoom(ranges)) {
      return branch == null ? Optional.empty() : refuseFull(branch);
    }
    Optional<XaRefusal> tooMuch = refuseMore(branch, ranges.size());
    if (tooMuch.isEmpty()) {
      ranges.forEach(range -> heldAcks.hold(range, incarnation));
      branch.acknowledged(ranges, connectionId);
      parts += ranges.size();
    }
    return tooMuch;
  }

  private Optional<XaRefusal> refuseWork(BranchXid xid, long incarnation, String work) {
    Branch branch = active.get(xid);
    if (branch == null || branch.incarnation() != incarnation) {
      return refuse(
          XAException.XAER_NOTA,
          "nothing can be " + work + " in branch " + xid + ": it is unknown");
    }
    if (branch.rollbackOnly().isPresent()) {
      return branch.rollbackOnly();
    }
    if (!branch.takesWork()) {
      return refuse(
          XAException.XAER_PROTO,
          "nothing can be " + work + " in branch " + xid + ": it is ended or suspended");
    }
    return Optional.empty();
  }

  private static Optional<XaRefusal> refuseFull(Branch branch) {
    String limit =
        "it would have more than the "
            + Branch.MAX_PARTS
            + " messages or "
            + Branch.MAX_CONTENT_BYTES
            + " bytes of bookkeeping that a branch may have";
    branch.rollbackOnly(XAException.XA_RBROLLBACK, limit);
    return branch.rollbackOnly();
  }

  private static Optional<XaRefusal> refuse(int xaError, String reason) {
    return Optional.of(new XaRefusal(xaError, reason));
  }

  Optional<Branch> find(BranchXid xid) {
    return Optional.ofNullable(active.get(xid));
  }

  /** Branches in the order of their Xids' texts, behind one of them; looks at all. */
  List<Branch> after(String xidText, int limit) {
    return active.values().stream()
        .filter(branch -> branch.xid().toText().compareTo(xidText) > 0)
        .sorted(Comparator.comparing(branch -> branch.xid().toText()))
        .limit(limit)
        .toList();
  }

  /** The branch is in the log now, or there is nothing of it to keep. */
  void leave(BranchXid xid) {
    Branch left = active.remove(xid);
    parts -= left == null ? 0 : left.parts();
  }

  /** The branch ends here: its half messages are never found, its deliveries go back. */
  void abandon(Branch branch) {
    leave(branch.xid());
    giveBack(branch);
  }

  /**
   * The branch is rolled back; it is known for a while yet, so that whoever asks hears that and not
   * that it is unknown, which a transaction manager could take for committed.
   */
  void empty(Branch branch, int xaError, String reason) {
    giveBack(branch);
    parts -= branch.parts();
    branch.emptied(xaError, reason);
  }

  /** Work of the branch may have been lost with the connection, so it is rolled back. */
  public void connectionLost(long connectionId) {
    for (Branch branch : active.values()) {
      if (branch.contributes(connectionId)) {
        empty(
            branch,
            XAException.XA_RBCOMMFAIL,
            "a connection that had a part in it was lost, and what it had is given back");
      }
    }
  }

  /**
   * What branches that may still be prepared have sent. Their memory of it is not in the log, so no
   * copy can take the place of the original; but it lasts no longer than their timeout.
   */
  @Override
  public LiveLook look(long endPosition) {
    return live -> {
      addLive(endPosition, live);
      return true;
    };
  }

  private void addLive(long endPosition, LiveSet live) {
    if (active.values().stream().anyMatch(branch -> branch.hasSentBefore(endPosition))) {
      live.pin();
    }
  }

  private void giveBack(Branch branch) {
    branch.acks().forEach(range -> heldAcks.giveBack(range, branch.incarnation()));
  }

  /** Rolls back what nobody prepared in time, and forgets what everybody has heard of. */
  @Override
  public void run(long nowMillis) {
    if (nowMillis < nextScanMillis) {
      return;
    }
    nextScanMillis = nowMillis + SCAN_MILLIS;
    for (Branch branch : active.values()) {
      if (branch.isOverdue(nowMillis)) {
        LOG.log(
            Level.WARNING,
            "Branch {0} was neither prepared nor committed within its timeout and is rolled back",
            branch.xid());
        empty(
            branch,
            XAException.XA_RBTIMEOUT,
            "it was neither prepared nor committed within its timeout");
      }
    }
    active.values().removeIf(branch -> branch.isForgotten(nowMillis));
  }

  @Override
  public long nextDueMillis() {
    return active.isEmpty() ? Long.MAX_VALUE : nextScanMillis;
  }
}
