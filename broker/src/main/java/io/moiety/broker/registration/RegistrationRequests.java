package io.moiety.broker.registration;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.TopicDefaults;
import io.moiety.broker.store.TopicConfig;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.SystemTopics;
import io.moiety.protocol.body.BrokerBody;
import io.moiety.protocol.body.DataVersionBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.RegistrationBody;
import io.moiety.protocol.body.RouteBody;
import io.moiety.protocol.body.TopicConfigBody;
import io.moiety.protocol.body.TopicConfigTableBody;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/** What name servers are told. Immutable; the topics are asked for when a request is made. */
final class RegistrationRequests {
  private static final int CRC_MASK = 0x7FFF_FFFF;

  private final BrokerConfig config;
  private final InetSocketAddress listening;
  private final Supplier<Collection<TopicConfig>> topics;
  private final long startedAtMillis;

  RegistrationRequests(
      BrokerConfig config,
      InetSocketAddress listening,
      Supplier<Collection<TopicConfig>> topics,
      long startedAtMillis) {
    this.config = config;
    this.listening = listening;
    this.topics = topics;
    this.startedAtMillis = startedAtMillis;
  }

  /**
   * REGISTER_BROKER with all topics.
   *
   * @param version tells a name server whether it knows these topics
   * @param reachedFrom this end of the connection to it
   */
  Command register(long version, InetSocketAddress reachedFrom) {
    DataVersionBody dataVersion = new DataVersionBody(version, 0, startedAtMillis);
    ByteBuffer body =
        JsonBodies.write(RegistrationBody.of(new TopicConfigTableBody(dataVersion, topicTable())));
    CRC32 crc = new CRC32();
    crc.update(body.duplicate());
    Fields fields =
        identity(reachedFrom)
            .put("haServerAddr", "")
            .put("enableActingMaster", false)
            .put("compressed", false)
            .put("bodyCrc32", (int) crc.getValue() & CRC_MASK)
            .build();
    return Command.request(RequestCode.REGISTER_BROKER, fields, body);
  }

  /** UNREGISTER_BROKER. */
  Command unregister(InetSocketAddress reachedFrom) {
    return Command.request(RequestCode.UNREGISTER_BROKER, identity(reachedFrom).build());
  }

  private Fields.Builder identity(InetSocketAddress reachedFrom) {
    return Fields.builder()
        .put("brokerName", config.brokerName())
        .put("brokerAddr", address(reachedFrom))
        .put("clusterName", config.clusterName())
        .put("brokerId", BrokerBody.MASTER_ID);
  }

  /**
   * {@code brokerIP1} where it is set, else where the broker listens; when that is every address of
   * the machine, the one from which the name server was reached.
   */
  private String address(InetSocketAddress reachedFrom) {
    if (config.network().advertisedHost().isPresent()) {
      return config.network().advertisedHost().get() + ":" + listening.getPort();
    }
    return NetUtil.toSocketAddressString(
        listening.getAddress().isAnyLocalAddress()
            ? new InetSocketAddress(reachedFrom.getAddress(), listening.getPort())
            : listening);
  }

  /**
   * A name server takes a table of one topic for an addition to what it knows, and refuses it from
   * a broker that is new to it. So there are always two: the template of topics that a send makes,
   * which forbids that where it is switched off, and as in RocketMQ one with the broker's name.
   */
  private Map<String, TopicConfigBody> topicTable() {
    Map<String, TopicConfigBody> table = new LinkedHashMap<>();
    TopicDefaults template = config.topics();
    int all = RouteBody.PERM_READ | RouteBody.PERM_WRITE | RouteBody.PERM_INHERIT;
    put(table, SystemTopics.DEFAULT_TOPIC, template.queues(), template.autoCreate() ? all : 0);
    put(table, config.brokerName(), 1, 0);
    for (TopicConfig topic : topics.get()) {
      table.put(
          topic.name(),
          TopicConfigBody.of(
              topic.name(), topic.readQueues(), topic.writeQueues(), topic.permission()));
    }
    return table;
  }

  private static void put(
      Map<String, TopicConfigBody> table, String topic, int queues, int permission) {
    table.put(topic, TopicConfigBody.of(topic, queues, queues, permission));
  }
}
