package io.moiety.broker.server;

import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.transaction.BranchDecisions;
import io.moiety.broker.transaction.Branches;
import io.moiety.broker.transaction.XaAnswer;
import io.moiety.broker.transaction.XaRefusal;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Moiety's XA commands. A branch goes with the connections that contribute to it. */
public final class XaHandlers {
  private static final int RECOVER_PAGE = 1_000;
  private static final int UNCOUNTED = -1;

  private final Branches branches;
  private final BranchDecisions decisions;
  private final LostConnections lostConnections;
  private final BrokerClock clock;
  private final InTurn inTurn;

  public XaHandlers(
      Branches branches,
      BranchDecisions decisions,
      LostConnections lostConnections,
      BrokerClock clock,
      InTurn inTurn) {
    this.branches = branches;
    this.decisions = decisions;
    this.lostConnections = lostConnections;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.XA_START, this::start);
    router.register(RequestCode.XA_END, inTurn.handler(this::end));
    router.register(RequestCode.XA_PREPARE, inTurn.appendingHandler(this::prepare));
    router.register(RequestCode.XA_COMMIT, this::commit);
    router.register(RequestCode.XA_ROLLBACK, inTurn.appendingHandler(this::rollback));
    router.register(RequestCode.XA_RECOVER, inTurn.handler(this::recover));
    router.register(RequestCode.XA_FORGET, inTurn.appendingHandler(this::forget));
    router.register(RequestCode.XA_OUTCOME, inTurn.handler(this::outcome));
  }

  private void start(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    BranchXid xid = xid(fields);
    int flags = fields.requiredInt("flags");
    long timeoutMillis = fields.longOr("timeoutMillis", 0);
    lostConnections.watch(connection);
    inTurn.run(
        reply,
        () ->
            lostConnections.ifOpen(
                connection, () -> started(xid, flags, timeoutMillis, connection, reply)));
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
    Optional<XaRefusal> refusal =
        branches.end(xid(fields), fields.requiredLong("incarnation"), fields.requiredInt("flags"));
    if (refusal.isPresent()) {
      XaReplies.refuse(reply, refusal.get());
    } else {
      reply.success(Fields.empty());
    }
  }

  private void prepare(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    decisions.prepare(
        xid(fields),
        fields.intOr("sends", UNCOUNTED),
        fields.intOr("acks", UNCOUNTED),
        clock.nowMillis(),
        answer -> XaReplies.prepared(reply, answer));
  }

  private void commit(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    BranchXid xid = xid(fields);
    inTurn.append(
        reply,
        () -> decisions.reads(xid),
        () ->
            decisions.commit(
                xid,
                fields.flag("onePhase"),
                fields.intOr("sends", UNCOUNTED),
                fields.intOr("acks", UNCOUNTED),
                clock.nowMillis(),
                answer -> XaReplies.done(reply, answer)));
  }

  private void rollback(Command request, Connection connection, Reply reply) {
    decisions.rollback(
        xid(request.fields()), clock.nowMillis(), answer -> XaReplies.done(reply, answer));
  }

  private void recover(Command request, Connection connection, Reply reply) {
    Optional<BranchXid> after = request.fields().text("after").map(BranchXid::parse);
    List<BranchXid> page = decisions.recover(after, RECOVER_PAGE);
    String lines = page.stream().map(BranchXid::toText).collect(Collectors.joining("\n"));
    decisions.whenTold(
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
    decisions.forget(xid(request.fields()), answer -> XaReplies.done(reply, answer));
  }

  private void outcome(Command request, Connection connection, Reply reply) {
    decisions.outcome(
        xid(request.fields()),
        state -> reply.success(Fields.builder().put("state", state.name()).build()));
  }

  private static BranchXid xid(Fields fields) {
    return BranchXid.parse(fields.requiredText("xid"));
  }
}
