package io.moiety.broker.server;

import static java.util.stream.Collectors.toMap;

import io.moiety.broker.delivery.GroupReaders;
import io.moiety.broker.store.ClassicSettings;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord.GroupSet;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import io.moiety.protocol.body.CheckClientConfigBody;
import io.moiety.protocol.body.ConsumerIdListBody;
import io.moiety.protocol.body.HeartbeatBody;
import io.moiety.protocol.body.JsonBodies;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Clients that come, go, and ask who else is there. When a consumer group changes, all its members
 * are told, so that they share out the queues anew at once.
 */
public final class ClientHandlers {

  private final ClientRegistry clients;
  private final GroupReaders readers;
  private final SubscriptionReader subscriptions;
  private final GroupTable groups;
  private final TopicCreation topics;
  private final Journal journal;
  private final InTurn inTurn;

  /** Connections whose end will be heard of. Owner: the store turn. */
  private final Set<Long> connectionIds = new HashSet<>();

  public ClientHandlers(
      ClientRegistry clients,
      GroupReaders readers,
      SubscriptionReader subscriptions,
      GroupTable groups,
      TopicCreation topics,
      Journal journal,
      InTurn inTurn) {
    this.clients = clients;
    this.readers = readers;
    this.subscriptions = subscriptions;
    this.groups = groups;
    this.topics = topics;
    this.journal = journal;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.HEART_BEAT, this::heartbeat);
    router.register(RequestCode.UNREGISTER_CLIENT, inTurn.handler(this::unregister));
    router.register(RequestCode.GET_CONSUMER_LIST_BY_GROUP, inTurn.handler(this::consumerList));
    router.register(RequestCode.CHECK_CLIENT_CONFIG, this::checkConfig);
  }

  /** Body and selectors are read on the event loop, the rest is done in the turn. */
  private void heartbeat(Command request, Connection connection, Reply reply) {
    HeartbeatBody heartbeat = JsonBodies.readRequest(request.body(), HeartbeatBody.class);
    List<Joining> joining = new ArrayList<>();
    for (HeartbeatBody.Consumer consumer : heartbeat.consumers()) {
      ClientNames.checkGroup("groupName", consumer.groupName());
      joining.add(
          new Joining(
              consumer.groupName(),
              new ConsumerClient(
                  heartbeat.clientId(),
                  connection,
                  ConsumptionMode.of(consumer),
                  subscriptionsOf(consumer))));
    }
    heartbeat
        .producers()
        .forEach(producer -> ClientNames.checkGroup("groupName", producer.groupName()));
    ClientNames.check("clientID", heartbeat.clientId());
    ClientRelease release = ClientRelease.of(request);
    inTurn.run(reply, () -> heartbeat(heartbeat, joining, release, connection, reply));
  }

  private record Joining(String group, ConsumerClient client) {}

  private Map<String, Subscription> subscriptionsOf(HeartbeatBody.Consumer consumer) {
    return consumer.subscriptions().stream()
        .map(subscriptions::readLeniently)
        .collect(toMap(Subscription::topic, one -> one, (earlier, later) -> later));
  }

  private void heartbeat(
      HeartbeatBody heartbeat,
      List<Joining> joining,
      ClientRelease release,
      Connection connection,
      Reply reply) {
    String user = reply.rights().user();
    Optional<String> foreignName = clients.refuseName(heartbeat.clientId(), user);
    if (foreignName.isPresent()) {
      reply.fail(ResponseCode.NO_PERMISSION, foreignName.get());
      return;
    }
    if (connectionIds.add(connection.id())) {
      connection.identify(heartbeat.clientId(), release);
      connection.onClose(() -> inTurn.post(() -> closed(connection)));
    }
    for (HeartbeatBody.Producer producer : heartbeat.producers()) {
      Optional<String> refusal =
          clients.refuseProducer(producer.groupName(), heartbeat.clientId(), connection);
      if (refusal.isPresent()) {
        reply.fail(ResponseCode.SYSTEM_ERROR, refusal.get());
        return;
      }
      clients.producer(
          producer.groupName(),
          heartbeat.clientId(),
          new ProducerClient(connection, reply.rights()));
      clients.named(heartbeat.clientId(), connection, user);
    }
    // A heartbeat without subscriptions says nothing new: the answer asks for a full one.
    if (!heartbeat.withoutSub()) {
      for (Joining one : joining) {
        Optional<String> refusal =
            groups.refuse(one.group()).or(() -> clients.refuse(one.group(), one.client()));
        if (refusal.isPresent()) {
          reply.fail(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, refusal.get());
          return;
        }
        join(one);
        clients.named(heartbeat.clientId(), connection, user);
      }
    }
    reply.success(
        Fields.builder().put("IS_SUPPORT_HEART_BEAT_V2", true).put("IS_SUB_CHANGE", true).build());
  }

  private void closed(Connection connection) {
    connectionIds.remove(connection.id());
    clients.closed(connection).forEach(this::tell);
  }

  private void join(Joining joining) {
    String group = joining.group();
    if (groups.find(group).isEmpty()) {
      journal.record(new GroupSet(GroupConfig.plain(group)));
    }
    topics.ensure(SystemTopics.retryTopic(group), Math.max(1, settings(group).retryQueues()));
    if (clients.consumer(group, joining.client())) {
      tell(group);
    }
  }

  private ClassicSettings settings(String group) {
    return groups.find(group).map(GroupConfig::classic).orElseGet(ClassicSettings::defaults);
  }

  private void unregister(Command request, Connection connection, Reply reply) {
    String clientId = request.fields().requiredText("clientID");
    request
        .fields()
        .text("producerGroup")
        .ifPresent(group -> clients.producerLeft(group, clientId, connection));
    request
        .fields()
        .text("consumerGroup")
        .ifPresent(group -> leaveConsumers(group, clientId, connection));
    reply.success(Fields.empty());
  }

  /** Who named another client, or is in the group as a second one too, is still a member. */
  private void leaveConsumers(String group, String clientId, Connection connection) {
    boolean changed = clients.consumerLeft(group, clientId, connection);
    if (clients.consumer(group, connection).isEmpty()) {
      readers.left(group, connection.id());
    }
    if (changed) {
      tell(group);
    }
  }

  private void consumerList(Command request, Connection connection, Reply reply) {
    String group = request.fields().requiredText("consumerGroup");
    List<String> ids = clients.consumerIds(group);
    if (ids.isEmpty()) {
      reply.fail(ResponseCode.SYSTEM_ERROR, "no consumer for this group, " + group);
    } else {
      reply.success(Fields.empty(), JsonBodies.write(new ConsumerIdListBody(ids)));
    }
  }

  private void checkConfig(Command request, Connection connection, Reply reply) {
    CheckClientConfigBody body =
        JsonBodies.readRequest(request.body(), CheckClientConfigBody.class);
    subscriptions.filter(body.subscription());
    reply.success(Fields.empty());
  }

  private void tell(String group) {
    if (!settings(group).notifiesMembers()) {
      return;
    }
    Command notice =
        Command.request(
                RequestCode.NOTIFY_CONSUMER_IDS_CHANGED,
                Fields.builder().put("consumerGroup", group).build())
            .asOneway();
    clients.consumers(group).stream()
        .map(ConsumerClient::connection)
        .distinct()
        .forEach(connection -> connection.notify(notice));
  }
}
