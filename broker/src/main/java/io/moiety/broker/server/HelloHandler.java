package io.moiety.broker.server;

import io.moiety.broker.delivery.Sessions;
import io.moiety.broker.store.BrokerClock;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Optional;

/**
 * {@code HELLO}: the first request of Moiety's client on a connection, and then its sign of life.
 */
public final class HelloHandler implements RequestHandler {
  private final Greeting greeting;
  private final Sessions sessions;
  private final LostConnections lostConnections;
  private final ClientEpochs epochs;
  private final BrokerClock clock;
  private final InTurn inTurn;
  private final ClaimedNames names;

  /** Who answers. */
  public record Greeting(
      String storeUuid, String brokerName, String brokerVersion, int maxMessageBytes) {}

  public HelloHandler(
      Greeting greeting,
      Sessions sessions,
      LostConnections lostConnections,
      ClientEpochs epochs,
      BrokerClock clock,
      InTurn inTurn) {
    this.greeting = greeting;
    this.sessions = sessions;
    this.lostConnections = lostConnections;
    this.epochs = epochs;
    this.clock = clock;
    this.inTurn = inTurn;
    names = new ClaimedNames(sessions.timeoutMillis());
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.HELLO, this);
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    String clientId = ClientNames.check("clientId", request.fields().requiredText("clientId"));
    String user = reply.rights().user();
    Optional<String> claimed =
        request
            .fields()
            .text("claim")
            .map(secret -> new ClaimedNames.Claim(user, ClientNames.check("claim", secret)))
            .flatMap(claim -> names.claim(clientId, claim, connection, clock.nowMillis()));
    if (claimed.isPresent()) {
      reply.fail(ResponseCode.ILLEGAL_OPERATION, claimed.get());
      return;
    }
    if (request.fields().flag("leaving")) {
      names.leave(clientId, connection);
    }
    connection.identify(clientId, ClientRelease.of(request));
    Optional<ClientEpochs.Client> client =
        request
            .fields()
            .text("instance")
            .map(name -> new ClientEpochs.Client(user, ClientNames.check("instance", name)));
    long epoch = client.isPresent() ? request.fields().requiredLong("epoch") : 0;
    lostConnections.watch(connection);
    inTurn.run(
        reply,
        () -> {
          sessions.renewed(connection.id(), clock.nowMillis());
          if (client.isEmpty()) {
            reply.success(answer());
          } else {
            lostConnections.ifOpen(connection, () -> greet(client.get(), epoch, connection, reply));
          }
        });
  }

  private void greet(ClientEpochs.Client client, long epoch, Connection connection, Reply reply) {
    epochs
        .greeted(client, epoch, connection)
        .ifPresentOrElse(
            refusal -> reply.fail(ResponseCode.GO_AWAY, refusal), () -> reply.success(answer()));
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
