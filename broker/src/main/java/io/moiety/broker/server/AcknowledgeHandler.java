package io.moiety.broker.server;

import io.moiety.broker.delivery.AckSpan;
import io.moiety.broker.delivery.Acknowledgements;
import io.moiety.broker.delivery.Claim;
import io.moiety.broker.delivery.Outcome;
import io.moiety.broker.delivery.Sessions;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.transaction.BranchAcks;
import io.moiety.broker.transaction.XaRefusal;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.util.List;
import java.util.Optional;

/**
 * {@code ACKNOWLEDGE}: for good, or provisionally in a branch; all of a request or nothing. A
 * client may not want to wait for the disk.
 */
public final class AcknowledgeHandler implements RequestHandler {
  private final Acknowledgements acknowledgements;
  private final Sessions sessions;
  private final BranchAcks branches;
  private final BrokerClock clock;
  private final InTurn inTurn;

  /** The branch that a request is part of. */
  private record BranchOf(BranchXid xid, long incarnation) {}

  public AcknowledgeHandler(
      Acknowledgements acknowledgements,
      Sessions sessions,
      BranchAcks branches,
      BrokerClock clock,
      InTurn inTurn) {
    this.acknowledgements = acknowledgements;
    this.sessions = sessions;
    this.branches = branches;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.ACKNOWLEDGE, this);
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    long session = SessionHandlers.session(request);
    List<AckSpan> spans = DeliveryFields.spans(request.body());
    Optional<BranchOf> branch =
        fields
            .text("xid")
            .map(
                xid ->
                    new BranchOf(
                        BranchXid.ofField("xid", xid), fields.requiredLong("incarnation")));
    boolean isAnsweredAppended = fields.flag("appended");
    inTurn.append(
        reply,
        () -> acknowledge(connection.id(), session, spans, branch, isAnsweredAppended, reply));
  }

  private void acknowledge(
      long connectionId,
      long session,
      List<AckSpan> spans,
      Optional<BranchOf> branch,
      boolean isAnsweredAppended,
      Reply reply) {
    sessions.renewed(connectionId, clock.nowMillis());
    Outcome<Claim> outcome = acknowledgements.claim(connectionId, session, spans);
    if (outcome instanceof Outcome.Refused<Claim> refused) {
      DeliveryReplies.refuse(reply, refused.refusal());
    } else if (outcome instanceof Outcome.Done<Claim> done && branch.isPresent()) {
      inBranch(connectionId, done.value(), branch.get(), reply);
    } else if (outcome instanceof Outcome.Done<Claim> done && isAnsweredAppended) {
      acknowledgements.acknowledge(done.value());
      reply.success(Fields.empty());
    } else if (outcome instanceof Outcome.Done<Claim> done) {
      acknowledgements.acknowledge(
          done.value(), stored -> StoreReplies.whenStored(reply, stored, Fields.empty()));
    }
  }

  private void inBranch(long connectionId, Claim claim, BranchOf branch, Reply reply) {
    Optional<XaRefusal> refusal =
        branches.acknowledge(branch.xid(), branch.incarnation(), connectionId, claim.ranges());
    if (refusal.isPresent()) {
      XaReplies.refuse(reply, refusal.get());
    } else {
      acknowledgements.taken(claim);
      reply.success(Fields.empty());
    }
  }
}
