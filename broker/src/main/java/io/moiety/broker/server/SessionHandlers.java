package io.moiety.broker.server;

import io.moiety.broker.delivery.Outcome;
import io.moiety.broker.delivery.Sessions;
import io.moiety.broker.store.BrokerClock;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;

/** Moiety's session commands: open, close, recover. */
public final class SessionHandlers {
  private final Sessions sessions;
  private final LostConnections lostConnections;
  private final BrokerClock clock;
  private final InTurn inTurn;

  public SessionHandlers(
      Sessions sessions, LostConnections lostConnections, BrokerClock clock, InTurn inTurn) {
    this.sessions = sessions;
    this.lostConnections = lostConnections;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.SESSION_OPEN, this::open);
    router.register(RequestCode.SESSION_CLOSE, inTurn.handler(this::close));
    router.register(RequestCode.SESSION_RECOVER, inTurn.handler(this::recover));
  }

  private void open(Command request, Connection connection, Reply reply) {
    lostConnections.watch(connection);
    inTurn.run(reply, () -> lostConnections.ifOpen(connection, () -> open(connection, reply)));
  }

  private void open(Connection connection, Reply reply) {
    Outcome<Long> opened = sessions.open(connection.id(), clock.nowMillis());
    if (opened instanceof Outcome.Refused<Long> refused) {
      DeliveryReplies.refuse(reply, refused.refusal());
    } else if (opened instanceof Outcome.Done<Long> done) {
      reply.success(Fields.builder().put("session", done.value()).build());
    }
  }

  private void close(Command request, Connection connection, Reply reply) {
    DeliveryReplies.done(reply, sessions.close(connection.id(), session(request)));
  }

  private void recover(Command request, Connection connection, Reply reply) {
    sessions.renewed(connection.id(), clock.nowMillis());
    DeliveryReplies.done(reply, sessions.recover(connection.id(), session(request)));
  }

  static long session(Command request) {
    return request.fields().requiredLong("session");
  }
}
