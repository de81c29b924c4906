package io.moiety.broker.server;

import static java.util.stream.Collectors.toMap;

import io.moiety.broker.store.BrokerClock;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.ConnectionBody;
import io.moiety.protocol.body.ConsumerConnectionsBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.ProducerConnectionsBody;
import io.moiety.protocol.body.ProducerTableBody;
import io.moiety.protocol.body.SubscriptionBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows tools who is connected, in which groups, with which subscriptions. */
public final class ClientAdminHandlers {

  private final ClientRegistry clients;
  private final BrokerClock clock;
  private final InTurn inTurn;

  public ClientAdminHandlers(ClientRegistry clients, BrokerClock clock, InTurn inTurn) {
    this.clients = clients;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.GET_CONSUMER_CONNECTION_LIST, inTurn.handler(this::consumers));
    router.register(RequestCode.GET_PRODUCER_CONNECTION_LIST, inTurn.handler(this::producers));
    router.register(RequestCode.GET_ALL_PRODUCER_INFO, inTurn.handler(this::allProducers));
  }

  /** How the group consumes is told as its member says that came last, as in RocketMQ. */
  private void consumers(Command request, Connection connection, Reply reply) {
    String group = request.fields().requiredText("consumerGroup");
    List<ConsumerClient> members = clients.consumers(group);
    if (members.isEmpty()) {
      reply.fail(ResponseCode.CONSUMER_NOT_ONLINE, "the consumer group[" + group + "] not online");
      return;
    }
    ConsumptionMode mode = members.get(members.size() - 1).mode();
    Map<String, SubscriptionBody> subscriptions =
        members.stream()
            .flatMap(member -> member.subscriptions().values().stream())
            .map(Subscription::asked)
            .collect(
                toMap(
                    SubscriptionBody::topic,
                    asked -> asked,
                    (one, other) -> one.version() >= other.version() ? one : other));
    reply.success(
        Fields.empty(),
        JsonBodies.write(
            new ConsumerConnectionsBody(
                members.stream()
                    .map(member -> connected(member.clientId(), member.connection()))
                    .toList(),
                mode.from(),
                mode.type(),
                mode.model(),
                subscriptions)));
  }

  private void producers(Command request, Connection connection, Reply reply) {
    String group = request.fields().requiredText("producerGroup");
    Map<String, ProducerClient> members = clients.producers(group);
    if (!reply.rights().isUnlimited()
        && members.values().stream().noneMatch(member -> member.connection() == connection)) {
      reply.fail(
          ResponseCode.NO_PERMISSION,
          "the members of producer group "
              + group
              + " are told to its members and to administrators");
      return;
    }
    if (members.isEmpty()) {
      reply.fail(ResponseCode.SYSTEM_ERROR, "the producer group[" + group + "] not exist");
      return;
    }
    List<ConnectionBody> connected =
        members.entrySet().stream()
            .map(member -> connected(member.getKey(), member.getValue().connection()))
            .toList();
    reply.success(Fields.empty(), JsonBodies.write(new ProducerConnectionsBody(connected)));
  }

  private static ConnectionBody connected(String clientId, Connection connection) {
    ClientRelease release = connection.release();
    return new ConnectionBody(
        AdvertisedAddress.text(connection.remoteAddress()),
        clientId,
        release.language().name(),
        release.version());
  }

  /** Who is listed is connected, so it was last heard of now. */
  private void allProducers(Command request, Connection connection, Reply reply) {
    long nowMillis = clock.nowMillis();
    Map<String, List<ProducerTableBody.Producer>> table = new LinkedHashMap<>();
    for (String group : clients.producerGroups()) {
      table.put(
          group,
          clients.producers(group).entrySet().stream()
              .map(member -> producer(member.getKey(), member.getValue().connection(), nowMillis))
              .toList());
    }
    reply.success(Fields.empty(), JsonBodies.write(new ProducerTableBody(table)));
  }

  private static ProducerTableBody.Producer producer(
      String clientId, Connection connection, long nowMillis) {
    ConnectionBody body = connected(clientId, connection);
    return new ProducerTableBody.Producer(
        clientId, body.language(), nowMillis, body.clientAddr(), body.version());
  }
}
