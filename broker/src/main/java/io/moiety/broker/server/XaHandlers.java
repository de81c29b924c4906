package io.moiety.broker.server;

import io.moiety.broker.access.Rights;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.transaction.BranchDecisions;
import io.moiety.broker.transaction.BranchQuestions;
import io.moiety.broker.transaction.BranchRights;
import io.moiety.broker.transaction.Branches;
import io.moiety.broker.transaction.XaAnswer;
import io.moiety.broker.transaction.XaRefusal;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.transaction.xa.XAResource;

/**
 * Moiety's XA commands. A branch goes with the connections that contribute to it. Where there are
 * users, the steps in a branch are for who might have done all that was done in it.
 */
public final class XaHandlers {
  private static final int RECOVER_PAGE = 1_000;
  private static final int UNCOUNTED = -1;

  private final Branches branches;
  private final BranchDecisions decisions;
  private final BranchQuestions questions;
  private final BranchRights rights;
  private final NextBranch nextBranch;
  private final LostConnections lostConnections;
  private final BrokerClock clock;
  private final InTurn inTurn;

  public XaHandlers(
      Branches branches,
      BranchDecisions decisions,
      BranchQuestions questions,
      BranchRights rights,
      NextBranch nextBranch,
      LostConnections lostConnections,
      BrokerClock clock,
      InTurn inTurn) {
    this.branches = branches;
    this.decisions = decisions;
    this.questions = questions;
    this.rights = rights;
    this.nextBranch = nextBranch;
    this.lostConnections = lostConnections;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.XA_START, this::start);
    router.register(RequestCode.XA_END, this::end);
    router.register(RequestCode.XA_PREPARE, this::prepare);
    router.register(RequestCode.XA_COMMIT, this::commit);
    router.register(RequestCode.XA_ROLLBACK, this::rollback);
    router.register(RequestCode.XA_RECOVER, inTurn.handler(this::recover));
    router.register(RequestCode.XA_FORGET, this::forget);
    router.register(RequestCode.XA_OUTCOME, inTurn.handler(this::outcome));
  }

  private void start(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    BranchXid xid = xid(fields);
    int flags = fields.requiredInt("flags");
    long timeoutMillis = fields.longOr("timeoutMillis", 0);
    lostConnections.watch(connection);
    Runnable start =
        () ->
            lostConnections.ifOpen(
                connection, () -> started(xid, flags, timeoutMillis, connection, reply));
    if (flags == XAResource.TMNOFLAGS) {
      inTurn.run(reply, start);
    } else {
      step(xid, connection, reply, start);
    }
  }

  private void started(
      BranchXid xid, int flags, long timeoutMillis, Connection connection, Reply reply) {
    Branches.StartAnswer answer =
        branches.start(xid, flags, timeoutMillis, connection.id(), clock.nowMillis());
    if (answer instanceof Branches.StartAnswer.Started started) {
      reply.success(Fields.builder().put("incarnation", started.incarnation()).build());
    } else if (answer instanceof Branches.StartAnswer.Refused refused) {
      XaReplies.refuse(reply, refused.refusal());
    }
  }

  private void end(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    BranchXid xid = xid(fields);
    long incarnation = fields.requiredLong("incarnation");
    int flags = fields.requiredInt("flags");
    step(xid, connection, reply, () -> ended(branches.end(xid, incarnation, flags), reply));
  }

  private static void ended(Optional<XaRefusal> refusal, Reply reply) {
    if (refusal.isPresent()) {
      XaReplies.refuse(reply, refusal.get());
    } else {
      reply.success(Fields.empty());
    }
  }

  private void prepare(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    BranchXid xid = xid(fields);
    Consumer<XaAnswer> answer = told -> XaReplies.prepared(reply, told);
    int sends = fields.intOr("sends", UNCOUNTED);
    int acks = fields.intOr("acks", UNCOUNTED);
    Runnable prepare;
    if (fields.text("incarnation").isPresent()) {
      long incarnation = fields.requiredLong("incarnation");
      prepare = () -> decisions.prepare(xid, incarnation, sends, acks, clock.nowMillis(), answer);
    } else {
      prepare = () -> decisions.prepare(xid, sends, acks, clock.nowMillis(), answer);
    }
    step(xid, connection, reply, prepare);
  }

  private void commit(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    BranchXid xid = xid(fields);
    Claim claim = new Claim(connection.id(), reply.rights());
    NextBranch.Start start = nextBranch.askedFor(fields, connection);
    Consumer<XaAnswer> answer = told -> committed(told, start, reply);
    inTurn.append(
        reply,
        () -> decisions.reads(xid),
        permitted(xid, claim, reply, () -> commit(xid, fields, answer)));
  }

  private void commit(BranchXid xid, Fields fields, Consumer<XaAnswer> answer) {
    if (fields.flag("onePhase")) {
      int sends = fields.intOr("sends", UNCOUNTED);
      int acks = fields.intOr("acks", UNCOUNTED);
      if (fields.text("incarnation").isPresent()) {
        long incarnation = fields.requiredLong("incarnation");
        decisions.endAndCommit(xid, incarnation, sends, acks, clock.nowMillis(), answer);
      } else {
        decisions.commitOnePhase(xid, sends, acks, clock.nowMillis(), answer);
      }
    } else {
      decisions.commit(xid, clock.nowMillis(), answer);
    }
  }

  private static void committed(XaAnswer answer, NextBranch.Start next, Reply reply) {
    if (answer instanceof XaAnswer.Refused refused) {
      XaReplies.refuse(reply, refused.refusal());
    } else {
      Fields.Builder fields = Fields.builder();
      next.run(fields);
      reply.success(fields.build());
    }
  }

  private void rollback(Command request, Connection connection, Reply reply) {
    BranchXid xid = xid(request.fields());
    step(
        xid,
        connection,
        reply,
        () -> decisions.rollback(xid, clock.nowMillis(), answer -> XaReplies.done(reply, answer)));
  }

  /** Does the work in the turn, when the sender may; it may append. */
  private void step(BranchXid xid, Connection connection, Reply reply, Runnable work) {
    if (reply.rights().isUnlimited()) {
      inTurn.append(reply, work);
    } else {
      Claim claim = new Claim(connection.id(), reply.rights());
      inTurn.append(reply, () -> rights.reads(xid, claim), permitted(xid, claim, reply, work));
    }
  }

  private Runnable permitted(BranchXid xid, Claim claim, Reply reply, Runnable work) {
    return () -> {
      if (claim.rights().isUnlimited() || rights.permits(xid, claim)) {
        work.run();
      } else {
        reply.fail(
            ResponseCode.NO_PERMISSION,
            "no permission for branch "
                + xid
                + ": its steps are for who may send to all topics that it sends to, and consume"
                + " what it acknowledges");
      }
    };
  }

  /** The sender of a request. */
  private record Claim(long connectionId, Rights rights) implements BranchRights.Claimant {

    @Override
    public boolean mayProduce(String topic) {
      return rights.mayProduce(topic);
    }

    @Override
    public boolean mayConsume(String group, String topic) {
      return rights.mayJoin(group) && rights.mayConsume(topic);
    }
  }

  private void recover(Command request, Connection connection, Reply reply) {
    Optional<BranchXid> after =
        request.fields().text("after").map(text -> BranchXid.ofField("after", text));
    List<BranchXid> page = questions.recover(after, RECOVER_PAGE);
    String lines = page.stream().map(BranchXid::toText).collect(Collectors.joining("\n"));
    questions.whenTold(
        answer -> {
          if (answer instanceof XaAnswer.Refused refused) {
            XaReplies.refuse(reply, refused.refusal());
          } else {
            reply.success(
                Fields.builder().put("more", page.size() == RECOVER_PAGE).build(),
                ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)));
          }
        });
  }

  private void forget(Command request, Connection connection, Reply reply) {
    BranchXid xid = xid(request.fields());
    inTurn.append(
        reply,
        () -> decisions.reads(xid),
        () -> decisions.forget(xid, clock.nowMillis(), answer -> XaReplies.done(reply, answer)));
  }

  private void outcome(Command request, Connection connection, Reply reply) {
    questions.outcome(
        xid(request.fields()),
        state -> reply.success(Fields.builder().put("state", state.name()).build()),
        refusal -> XaReplies.refuse(reply, refusal));
  }

  private static BranchXid xid(Fields fields) {
    return BranchXid.ofField("xid", fields.requiredText("xid"));
  }
}
