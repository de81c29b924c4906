package io.moiety.broker.server;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.transaction.CheckBack;
import io.moiety.broker.transaction.Resolver;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SysFlag;
import java.util.Optional;

/**
 * {@code END_TRANSACTION}: one-way from RocketMQ's clients, answered to those who ask. UNKNOWN is
 * taken and changes nothing but, from Moiety's clients, that a check does not count which found the
 * transaction still active; the broker asks again later. Who may decide is judged by the topic of
 * the half message, whatever topic the request names.
 */
public final class EndTransactionHandler implements RequestHandler {
  private final SparseLog refusals =
      new SparseLog(System.getLogger(EndTransactionHandler.class.getName()));
  private final Resolver resolver;
  private final CheckBack checkBack;
  private final BrokerClock clock;
  private final InTurn inTurn;

  public EndTransactionHandler(
      Resolver resolver, CheckBack checkBack, BrokerClock clock, InTurn inTurn) {
    this.resolver = resolver;
    this.checkBack = checkBack;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    Resolver.Target target =
        new Resolver.Target(
            fields.requiredLong("commitLogOffset"),
            fields.requiredLong("tranStateTableOffset"),
            fields.requiredText("producerGroup"),
            fields
                .text("msgId")
                .filter(id -> !id.isEmpty())
                .or(() -> fields.text("transactionId"))
                .orElse(""));
    Resolver.Claimant claimant =
        reply.rights().isUnlimited() ? Resolver.Claimant.ANYBODY : reply.rights()::mayProduce;
    int decision = fields.requiredInt("commitOrRollback");
    switch (decision) {
      case SysFlag.TRANSACTION_COMMIT, SysFlag.TRANSACTION_ROLLBACK ->
          inTurn.append(
              reply,
              () -> resolver.reads(target),
              () ->
                  resolver.resolve(
                      target,
                      claimant,
                      decision == SysFlag.TRANSACTION_COMMIT,
                      clock.nowMillis(),
                      answer -> answer(answer, reply)));
      case SysFlag.TRANSACTION_NONE -> undecided(target, claimant, fields, reply);
      default ->
          reply.fail(
              ResponseCode.INVALID_PARAMETER,
              "commitOrRollback is 8 (commit), 12 (rollback) or 0 (unknown), not " + decision);
    }
  }

  private void undecided(
      Resolver.Target target, Resolver.Claimant claimant, Fields fields, Reply reply) {
    if (!fields.flag("active")) {
      reply.success(Fields.empty());
      return;
    }
    int checkTimes = fields.intOr("checkTimes", 0);
    inTurn.append(
        reply,
        () -> resolver.reads(target),
        () -> {
          Optional<Resolver.Answer> refused = checkBack.stillActive(target, claimant, checkTimes);
          if (refused.isPresent()) {
            answer(refused.get(), reply);
          } else {
            reply.success(Fields.empty());
          }
        });
  }

  private void answer(Resolver.Answer answer, Reply reply) {
    if (answer instanceof Resolver.Answer.Refused refused) {
      refusals.warn(() -> "A half message was not resolved: " + refused.reason());
      reply.fail(ResponseCode.TRANSACTION_FAILED, refused.reason());
    } else if (answer instanceof Resolver.Answer.NotPermitted) {
      reply.fail(
          ResponseCode.NO_PERMISSION,
          "no permission to decide this half message: that needs the permission to send to its"
              + " topic, and its id as msgId or transactionId");
    } else if (answer instanceof Resolver.Answer.Resolved resolved) {
      if (resolved.outcome() == PutStatus.PUT_OK) {
        reply.success(Fields.empty());
      } else {
        reply.fail(
            ResponseCode.FLUSH_DISK_TIMEOUT,
            "whether the resolution is durable is not known: the disk answered "
                + resolved.outcome());
      }
    }
  }
}
