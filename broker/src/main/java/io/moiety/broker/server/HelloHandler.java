package io.moiety.broker.server;

import io.moiety.broker.delivery.Sessions;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.Journal;
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
  private final Journal journal;
  private final BrokerClock clock;
  private final InTurn inTurn;
  private final ClaimedNames names = new ClaimedNames();

  /** Who answers. */
  public record Greeting(
      String storeUuid, String brokerName, String brokerVersion, int maxMessageBytes) {}

  /**
   * A handler of greetings.
   *
   * @param journal says when all may be seen that came before a client's newer connection
   */
  public HelloHandler(
      Greeting greeting,
      Sessions sessions,
      LostConnections lostConnections,
      ClientEpochs epochs,
      Journal journal,
      BrokerClock clock,
      InTurn inTurn) {
    this.greeting = greeting;
    this.sessions = sessions;
    this.lostConnections = lostConnections;
    this.epochs = epochs;
    this.journal = journal;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.HELLO, this);
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    String clientId = ClientNames.check("clientId", request.fields().requiredText("clientId"));
    Optional<String> claimed =
        request
            .fields()
            .text("claim")
            .map(claim -> ClientNames.check("claim", claim))
            .flatMap(claim -> names.claim(clientId, claim, connection));
    if (claimed.isPresent()) {
      reply.fail(ResponseCode.ILLEGAL_OPERATION, claimed.get());
      return;
    }
    if (request.fields().flag("leaving")) {
      names.leave(clientId, connection);
    }
    connection.identify(clientId, ClientRelease.of(request));
    Optional<String> instance =
        request.fields().text("instance").map(name -> ClientNames.check("instance", name));
    long epoch = instance.isPresent() ? request.fields().requiredLong("epoch") : 0;
    lostConnections.watch(connection);
    inTurn.run(
        reply,
        () -> {
          sessions.renewed(connection.id(), clock.nowMillis());
          if (instance.isEmpty()) {
            reply.success(answer());
          } else {
            lostConnections.ifOpen(
                connection, () -> greet(instance.get(), epoch, connection, reply));
          }
        });
  }

  private void greet(String instance, long epoch, Connection connection, Reply reply) {
    Optional<String> refusal = epochs.greeted(instance, epoch, connection);
    if (refusal.isPresent()) {
      reply.fail(ResponseCode.ILLEGAL_OPERATION, refusal.get());
    } else {
      journal.whenServed(
          journal.endPosition(), served -> StoreReplies.whenStored(reply, served, answer()));
    }
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
