package io.moiety.broker.server;

import io.moiety.broker.delivery.Sessions;
import io.moiety.broker.store.BrokerClock;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;

/**
 * {@code HELLO}: the first request of Moiety's client on a connection, and then its sign of life.
 */
public final class HelloHandler implements RequestHandler {
  private final Greeting greeting;
  private final Sessions sessions;
  private final LostConnections lostConnections;
  private final BrokerClock clock;
  private final InTurn inTurn;

  /** Who answers. */
  public record Greeting(
      String storeUuid, String brokerName, String brokerVersion, int maxMessageBytes) {}

  public HelloHandler(
      Greeting greeting,
      Sessions sessions,
      LostConnections lostConnections,
      BrokerClock clock,
      InTurn inTurn) {
    this.greeting = greeting;
    this.sessions = sessions;
    this.lostConnections = lostConnections;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.HELLO, this);
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    connection.identify(
        ClientNames.check("clientId", request.fields().requiredText("clientId")),
        ClientRelease.of(request));
    lostConnections.watch(connection);
    inTurn.run(
        reply,
        () -> {
          sessions.renewed(connection.id(), clock.nowMillis());
          reply.success(answer());
        });
  }

  private Fields answer() {
    return Fields.builder()
        .put("storeUuid", greeting.storeUuid())
        .put("brokerName", greeting.brokerName())
        .put("brokerVersion", greeting.brokerVersion())
        .put("sessionTimeoutMillis", sessions.timeoutMillis())
        .put("maxMessageBytes", greeting.maxMessageBytes())
        .build();
  }
}
