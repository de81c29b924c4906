package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.delivery.Deliveries;
import io.moiety.broker.delivery.DeliveryLimits;
import io.moiety.broker.delivery.Ledgers;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.index.KeyIndex;
import io.moiety.broker.index.KeySearch;
import io.moiety.broker.intake.HeldAppends;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.stats.LatencyHistogram;
import io.moiety.broker.stats.RatesSnapshot;
import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.HeldReads;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.StoreTurn;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.RequestModes;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.topic.TopicTable;
import io.moiety.broker.traffic.RecentTraffic;
import io.moiety.broker.traffic.Traffic;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** The handlers of this package over the real views, on one thread, with a clock that is set. */
final class Bench {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);

  long nowMillis = 1_000_000;
  long firstPosition;

  final TopicTable topics = new TopicTable();
  final GroupTable groups = new GroupTable();
  final RequestModes requestModes = new RequestModes();
  final QueueTable queues = new QueueTable(SimulatedViewFiles.blocks());
  final Ledgers ledgers = new Ledgers();
  final PendingOffsets pending = new PendingOffsets();
  final PullPositions positions = new PullPositions();
  final Traffic traffic =
      new Traffic(topic -> topics.find(topic).isPresent(), group -> groups.find(group).isPresent());
  final KeyIndex keys = KeyIndex.empty(new SimulatedViewFiles());
  final MemoryStore store =
      new MemoryStore(
          () -> nowMillis,
          queues,
          List.of(
              topics, groups, requestModes, queues, ledgers, pending, positions, keys, traffic));
  final TopicCreation creation = new TopicCreation(topics, store);
  final ClientRegistry clients = new ClientRegistry();
  final ClassicOffsets offsets;
  final PullHandlers pulls;
  final Deliveries deliveries;
  final RecentTraffic recent;
  final RequestRouter router = new RequestRouter();

  /** Of what tools ask for. */
  final HeldReads readers = new HeldReads();

  final LatencyHistogram latency = new LatencyHistogram();

  private final BrokerClock clock = new BrokerClock(() -> nowMillis, () -> nowMillis * 1_000_000);
  private final StoreTurn turn = new StoreTurn(1_000, this::endOfBatch, () -> {});

  Bench() {
    this(
        BrokerConfig.of(
            Map.of("brokerName", "broker-a", "brokerClusterName", "c1"), Profile.EMBEDDED));
  }

  Bench(BrokerConfig config) {
    ColdReads coldReads =
        new ColdReads(
            (position, sizeBytes) -> {},
            store::endPosition,
            ColdReads.Settings.defaults(),
            Runnable::run,
            turn::post);
    InTurn inTurn = new InTurn(new LoopTurn(turn, () -> {}), coldReads, new HeldAppends(), clock);
    Selectors selectors = new Selectors();
    SubscriptionReader subscriptions = new SubscriptionReader(selectors);
    deliveries =
        new Deliveries(
            ledgers,
            queues,
            topics,
            groups,
            store,
            store,
            coldReads,
            selectors,
            DeliveryLimits.defaults());
    offsets =
        new ClassicOffsets(
            pending, positions, ledgers, deliveries.readers(), groups, queues, store);
    LostConnections lostConnections = new LostConnections(inTurn, deliveries::connectionLost);
    new PopHandlers(
            deliveries.pops(),
            deliveries.popQuestions(),
            offsets,
            selectors,
            lostConnections,
            clock,
            traffic,
            inTurn)
        .register(router);
    new RequestReplyHandlers(
            SystemTopics.replyTopic(config.clusterName()), clients, HOST, clock, inTurn)
        .register(router);
    new AssignmentHandlers("broker-a", topics, groups, requestModes, clients, store, inTurn)
        .register(router);
    pulls =
        new PullHandlers(
            new PullAdmission(topics, groups, clients, deliveries.readers(), subscriptions),
            queues,
            offsets,
            new PullReading(store, Runnable::run, traffic),
            lostConnections,
            clock,
            inTurn);
    pulls.register(router);
    new NameServerHandlers(config, topics).register(router);
    new ClientHandlers(
            clients, deliveries.readers(), subscriptions, groups, creation, store, inTurn)
        .register(router);
    new OffsetHandlers(
            topics, queues, store, Runnable::run, offsets, deliveries.readers(), clock, inTurn)
        .register(router);
    new QueueLockHandlers(config, new QueueLocks(), clock, inTurn).register(router);
    new TopicAdminHandlers(topics, creation, topic -> topic.equals("busy"), store, inTurn)
        .register(router);
    new MessageHandlers(
            store::find,
            store::endPosition,
            groups,
            creation,
            new DelayRouting(config.delayLevels()),
            store,
            clock,
            inTurn)
        .register(router);
    KeySearch search = new KeySearch(keys, store::find, store::endPosition);
    new QueryHandlers(topics, search, keys, Runnable::run).register(router);
    new BrokerInfoHandlers(
            config, "1.2.3", topics, this::statistics, store::find, clock, Runnable::run, inTurn)
        .register(router);
    new ClientAdminHandlers(clients, clock, inTurn).register(router);
    new ClientForwardHandlers("broker-a", clients, store::find, Runnable::run, inTurn)
        .register(router);
    new GroupAdminHandlers(groups, deliveries.subscriptions(), store, inTurn).register(router);
    recent = new RecentTraffic(traffic, nowMillis);
    new StatsHandlers(recent, clock).register(router);
    AdminHandlers.register(
        new AdminHandlers.Parts(
            "broker-a",
            topics,
            groups,
            queues,
            offsets,
            clients,
            pulls,
            (group, topic, queueId) -> 0,
            recent,
            store,
            store,
            readers,
            clock,
            inTurn),
        router);
  }

  private BrokerStatistics statistics() {
    RatesSnapshot.Window none = new RatesSnapshot.Window(0, 0, 0);
    return new BrokerStatistics(
        1_000_000,
        nowMillis,
        1_000L << 30,
        250L << 30,
        3,
        4,
        traffic.all(),
        traffic.topics(),
        new TrafficSnapshot(0, 0, 0, 0),
        new TrafficSnapshot(0, 0, 0, 0),
        new RatesSnapshot(none, none),
        latency.snapshot(),
        latency.snapshot(),
        firstPosition,
        store.endPosition(),
        store.endPosition(),
        store.endPosition());
  }

  private void endOfBatch() {
    queues.serve(
        store.endPosition(),
        queue -> {
          pulls.served(queue);
          deliveries.served(queue);
        });
    deliveries.run(nowMillis);
  }

  /** Of handlers that take this turn; what they read is warm. */
  static InTurn inTurn(StoreTurn turn, BrokerClock clock) {
    ColdReads coldReads =
        new ColdReads(
            (position, sizeBytes) -> {},
            () -> 0,
            ColdReads.Settings.defaults(),
            Runnable::run,
            turn::post);
    return new InTurn(new LoopTurn(turn, () -> {}), coldReads, new HeldAppends(), clock);
  }

  void topic(String name, int queueCount) {
    turn.post(() -> creation.create(TopicConfig.of(name, queueCount)));
  }

  /** Stores a message of 100 bytes and more, and serves it. */
  void message(String topic, int queueId, Map<String, String> properties) {
    turn.post(
        () ->
            store.put(
                new RecordDraft(
                    topic,
                    queueId,
                    0,
                    0,
                    0,
                    nowMillis,
                    HOST,
                    HOST,
                    0,
                    0,
                    ByteBuffer.wrap("body".getBytes(UTF_8)),
                    MessageProperties.of(properties))));
  }

  /** The message at a queue offset, as it is stored. */
  RecordView stored(String topic, int queueId, long queueOffset) {
    Entry entry = queues.find(topic, queueId).orElseThrow().find(queueOffset).orElseThrow();
    return store.read(entry.position(), entry.sizeBytes());
  }

  RecordedReply send(Connection connection, Command request) {
    RecordedReply reply = new RecordedReply(request);
    try {
      router.handlerOf(request.code()).handle(request, connection, reply);
    } catch (RuntimeException failure) {
      reply.fail(failure);
    }
    return reply;
  }

  Command call(Connection connection, int code, Map<String, Object> fields) {
    return send(connection, Command.request(code, fields(fields))).answer();
  }

  /** For facts, of which views read nothing but the fact. */
  static LoggedRecord noRecord() {
    return new LoggedRecord(
        SystemTopics.STATE, 0, 0, 0, 1, 0, 0, 0, 0, MessageProperties.empty(), Command.noBody());
  }

  static Fields fields(Map<String, Object> values) {
    Fields.Builder fields = Fields.builder();
    values.forEach((name, value) -> fields.put(name, value.toString()));
    return fields.build();
  }

  static String text(ByteBuffer body) {
    return UTF_8.decode(body).toString();
  }
}
