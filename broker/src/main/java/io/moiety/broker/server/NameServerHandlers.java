package io.moiety.broker.server;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import io.moiety.protocol.body.BrokerBody;
import io.moiety.protocol.body.ClusterInfoBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.RouteBody;
import io.moiety.protocol.body.RouteBody.QueueData;
import io.moiety.protocol.body.TopicListBody;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a name server answers: which broker has which queues. Here it is always this one. Runs on
 * the event loops, since it only reads what any thread may read.
 */
public final class NameServerHandlers {

  /** The template topic may be read, written, and inherited from. */
  private static final int TEMPLATE_PERMISSION =
      RouteBody.PERM_READ | RouteBody.PERM_WRITE | RouteBody.PERM_INHERIT;

  private final BrokerConfig config;
  private final TopicTable topics;

  /** An administrator wants no producer to choose this broker; forgotten at a restart. */
  private volatile boolean writesWiped;

  public NameServerHandlers(BrokerConfig config, TopicTable topics) {
    this.config = config;
    this.topics = topics;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.GET_ROUTEINFO_BY_TOPIC, this::route);
    router.register(RequestCode.GET_BROKER_CLUSTER_INFO, this::cluster);
    router.register(RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER, this::topicList);
    router.register(RequestCode.GET_TOPICS_BY_CLUSTER, this::topicsOfCluster);
    router.register(RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS, this::systemTopics);
    router.register(RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER, this::reservedTopics);
    router.register(RequestCode.GET_KV_CONFIG, this::noSetting);
    router.register(RequestCode.GET_KVLIST_BY_NAMESPACE, this::noSetting);
    router.register(RequestCode.DELETE_TOPIC_IN_NAMESRV, this::alreadyDeleted);
    router.register(RequestCode.DELETE_KV_CONFIG, this::alreadyDeleted);
    router.register(
        RequestCode.WIPE_WRITE_PERM_OF_BROKER,
        (request, connection, reply) -> wipeWrites(request, true, "wipeTopicCount", reply));
    router.register(
        RequestCode.ADD_WRITE_PERM_OF_BROKER,
        (request, connection, reply) -> wipeWrites(request, false, "addTopicCount", reply));
  }

  private void route(Command request, Connection connection, Reply reply) {
    String topic = request.fields().requiredText("topic");
    Optional<QueueData> queues = queues(topic);
    if (queues.isEmpty()) {
      reply.fail(
          ResponseCode.TOPIC_NOT_EXIST,
          "No topic route info in name server for the topic: "
              + topic
              + "; create it, or send to it where autoCreateTopicEnable is on");
      return;
    }
    RouteBody route = RouteBody.of(List.of(broker(connection)), List.of(queues.get()));
    reply.success(Fields.empty(), JsonBodies.write(route));
  }

  private Optional<QueueData> queues(String topic) {
    if (topic.equals(SystemTopics.DEFAULT_TOPIC)) {
      int count = config.topics().queues();
      return config.topics().autoCreate()
          ? Optional.of(new QueueData(config.brokerName(), TEMPLATE_PERMISSION, count, 0, count))
          : Optional.empty();
    }
    return topics.find(topic).map(this::queues);
  }

  private QueueData queues(TopicConfig topic) {
    int permission = topic.permission() & (writesWiped ? ~RouteBody.PERM_WRITE : ~0);
    return new QueueData(
        config.brokerName(), permission, topic.readQueues(), 0, topic.writeQueues());
  }

  private void cluster(Command request, Connection connection, Reply reply) {
    String name = config.brokerName();
    ClusterInfoBody cluster =
        new ClusterInfoBody(
            Map.of(name, broker(connection)), Map.of(config.clusterName(), List.of(name)));
    reply.success(Fields.empty(), JsonBodies.write(cluster));
  }

  private void topicList(Command request, Connection connection, Reply reply) {
    List<String> names = topics.all().stream().map(TopicConfig::name).sorted().toList();
    reply.success(Fields.empty(), JsonBodies.write(new TopicListBody(names)));
  }

  private void topicsOfCluster(Command request, Connection connection, Reply reply) {
    if (request.fields().requiredText("cluster").equals(config.clusterName())) {
      topicList(request, connection, reply);
    } else {
      reply.success(Fields.empty(), JsonBodies.write(new TopicListBody(List.of())));
    }
  }

  /** Names that tools leave out of lists of applications' topics. */
  private void systemTopics(Command request, Connection connection, Reply reply) {
    List<String> names =
        Stream.concat(
                Stream.of(config.clusterName(), config.brokerName(), SystemTopics.DEFAULT_TOPIC),
                reservedTopics())
            .toList();
    reply.success(Fields.empty(), JsonBodies.write(new TopicListBody(names)));
  }

  private void reservedTopics(Command request, Connection connection, Reply reply) {
    reply.success(Fields.empty(), JsonBodies.write(new TopicListBody(reservedTopics().toList())));
  }

  private Stream<String> reservedTopics() {
    return topics.all().stream().map(TopicConfig::name).filter(SystemTopics::isReserved).sorted();
  }

  /** No key has a value: PUT_KV_CONFIG is not served, and only RocketMQ's own would be read. */
  private void noSetting(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    reply.fail(
        ResponseCode.QUERY_NOT_FOUND,
        "No config item, Namespace: "
            + fields.requiredText("namespace")
            + fields.text("key").map(key -> " Key: " + key).orElse(""));
  }

  /** Routes alone change: who sends to a queue that it knows of is still served. */
  private void wipeWrites(Command request, boolean wiped, String count, Reply reply) {
    boolean here = request.fields().requiredText("brokerName").equals(config.brokerName());
    if (here) {
      writesWiped = wiped;
    }
    reply.success(Fields.builder().put(count, here ? topics.size() : 0).build());
  }

  /** A tool deletes at the broker first, and there is no other name server to forget it. */
  private void alreadyDeleted(Command request, Connection connection, Reply reply) {
    reply.success(Fields.empty());
  }

  private BrokerBody broker(Connection connection) {
    return BrokerBody.master(
        config.clusterName(),
        config.brokerName(),
        AdvertisedAddress.of(config.network(), connection.localAddress()));
  }
}
