package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MalformedBodyException;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.KeyValueTableBody;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What a tool asks about the broker itself: its configuration and how it is doing. */
public final class BrokerInfoHandlers {

  /** RocketMQ's name of the release whose protocol is spoken. */
  private static final String PROTOCOL_RELEASE = "V5_5_0";

  private static final int MAX_PROPERTIES_BYTES = 64 * 1024;

  private final BrokerConfig config;
  private final String version;
  private final TopicTable topics;
  private final Supplier<BrokerStatistics> statistics;
  private final RecordFinder records;
  private final BrokerClock clock;
  private final OnReaders readers;
  private final InTurn inTurn;

  /**
   * @param version of Moiety, for people to read
   * @param readers refuses when too much waits
   */
  public BrokerInfoHandlers(
      BrokerConfig config,
      String version,
      TopicTable topics,
      Supplier<BrokerStatistics> statistics,
      RecordFinder records,
      BrokerClock clock,
      Executor readers,
      InTurn inTurn) {
    this.config = config;
    this.version = version;
    this.topics = topics;
    this.statistics = statistics;
    this.records = records;
    this.clock = clock;
    this.readers = new OnReaders(readers);
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.GET_BROKER_CONFIG, this::configuration);
    router.register(RequestCode.GET_NAMESRV_CONFIG, this::configuration);
    router.register(RequestCode.UPDATE_BROKER_CONFIG, this::changeConfiguration);
    router.register(RequestCode.GET_BROKER_RUNTIME_INFO, this::runtimeInfo);
  }

  /** There is one configuration: broker and name server are one process. */
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

  /** Nothing is read again while the broker runs, so only what holds already is accepted. */
  private void changeConfiguration(Command request, Connection connection, Reply reply) {
    if (request.body().remaining() > MAX_PROPERTIES_BYTES) {
      throw new BadFieldException(
          "body", request.body().remaining() + " bytes", "at most " + MAX_PROPERTIES_BYTES);
    }
    Map<String, String> present = config.asProperties();
    Map<String, String> wanted = new TreeMap<>();
    Properties properties = properties(UTF_8.decode(request.body()).toString());
    properties
        .stringPropertyNames()
        .forEach(name -> wanted.put(name, properties.getProperty(name, "").strip()));
    Optional<String> refused =
        wanted.keySet().stream()
            .filter(name -> !Objects.equals(present.get(name), wanted.get(name)))
            .findFirst();
    if (refused.isPresent()) {
      String name = refused.get();
      reply.fail(
          ResponseCode.INVALID_PARAMETER,
          present.containsKey(name)
              ? name
                  + " is "
                  + present.get(name)
                  + " and cannot be changed while the broker runs: change its configuration file"
                  + " and start it again"
              : name + " is not a setting of this broker");
    } else {
      reply.success(Fields.empty());
    }
  }

  private static Properties properties(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException malformed) {
      throw new MalformedBodyException("the body is not properties: " + malformed, malformed);
    }
    return properties;
  }

  /** Goes the way of other requests, so as to tell how long they wait there. */
  private void runtimeInfo(Command request, Connection connection, Reply reply) {
    long arrivedMillis = clock.nowMillis();
    inTurn.run(
        reply,
        () -> {
          long inTurnMillis = clock.nowMillis();
          readers.run(reply, () -> answer(arrivedMillis, inTurnMillis, clock.nowMillis(), reply));
        });
  }

  private void answer(long arrivedMillis, long inTurnMillis, long readMillis, Reply reply) {
    BrokerStatistics now = statistics.get();
    Map<String, String> table = RuntimeInfo.of(now);
    RuntimeInfo.waits(
        table, now, new RuntimeInfo.Waits(inTurnMillis - arrivedMillis, readMillis - inTurnMillis));
    table.put("brokerVersion", Integer.toString(Command.PROTOCOL_VERSION));
    table.put("brokerVersionDesc", PROTOCOL_RELEASE);
    table.put("moietyVersion", version);
    table.put("topics", Integer.toString(topics.size()));
    records
        .find(now.firstPosition())
        .map(RecordView::storeTimestampMillis)
        .ifPresent(millis -> table.put("earliestMessageTimeStamp", Long.toString(millis)));
    reply.success(Fields.empty(), JsonBodies.write(new KeyValueTableBody(table)));
  }
}
