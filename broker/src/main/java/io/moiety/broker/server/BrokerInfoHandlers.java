package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.KeyValueTableBody;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Supplier;

/** What a tool asks about the broker itself: its configuration and how it is doing. */
public final class BrokerInfoHandlers {

  private final BrokerConfig config;
  private final TopicTable topics;
  private final Supplier<BrokerStatistics> statistics;

  public BrokerInfoHandlers(
      BrokerConfig config, TopicTable topics, Supplier<BrokerStatistics> statistics) {
    this.config = config;
    this.topics = topics;
    this.statistics = statistics;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.GET_BROKER_CONFIG, this::configuration);
    router.register(RequestCode.GET_BROKER_RUNTIME_INFO, this::runtimeInfo);
  }

  private void configuration(Command request, Connection connection, Reply reply) {
    StringBuilder text = new StringBuilder();
    config
        .asProperties()
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    Fields fields =
        Fields.builder()
            .put("version", "{\"counter\":0,\"stateVersion\":0,\"timestamp\":0}")
            .build();
    reply.success(fields, ByteBuffer.wrap(text.toString().getBytes(UTF_8)));
  }

  private void runtimeInfo(Command request, Connection connection, Reply reply) {
    Map<String, String> table = RuntimeInfo.of(statistics.get());
    table.put("brokerVersion", Integer.toString(Command.PROTOCOL_VERSION));
    table.put("brokerVersionDesc", "Moiety");
    table.put("topics", Integer.toString(topics.size()));
    reply.success(Fields.empty(), JsonBodies.write(new KeyValueTableBody(table)));
  }
}
