package io.moiety.broker.server;

import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.broker.traffic.RecentTraffic;
import io.moiety.broker.traffic.RecentTraffic.Recent;
import io.moiety.broker.traffic.RecentTraffic.Span;
import io.moiety.broker.traffic.Traffic.GroupOnTopic;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.BrokerConsumeStatsBody;
import io.moiety.protocol.body.ConsumeStatsBody;
import io.moiety.protocol.body.ConsumeStatsBody.Progress;
import io.moiety.protocol.body.GroupListBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.MessageQueueBody;
import io.moiety.protocol.body.TopicListBody;
import io.moiety.protocol.body.TopicStatsBody;
import io.moiety.protocol.body.TopicStatsBody.QueueRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What tools ask about queues and how far groups have come in them. */
final class ProgressHandlers {

  /** Queues of groups in one answer about all groups; each may read a record. */
  static final int MAX_ROWS = 10_000;

  /** Queues of groups that are looked at before others have the turn; each may read a block. */
  static final int ROWS_PER_LOOK = 256;

  private final String brokerName;
  private final TopicTable topics;
  private final GroupTable groups;
  private final QueueTable queues;
  private final ConsumerProgress progress;
  private final RecentTraffic recent;
  private final StoreTimes times;
  private final BrokerClock clock;
  private final InTurn inTurn;

  ProgressHandlers(
      String brokerName,
      TopicTable topics,
      GroupTable groups,
      QueueTable queues,
      ConsumerProgress progress,
      RecentTraffic recent,
      StoreTimes times,
      BrokerClock clock,
      InTurn inTurn) {
    this.brokerName = brokerName;
    this.topics = topics;
    this.groups = groups;
    this.queues = queues;
    this.progress = progress;
    this.recent = recent;
    this.times = times;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  void register(RequestRouter router) {
    router.register(RequestCode.GET_TOPIC_STATS_INFO, inTurn.handler(this::topicStats));
    router.register(RequestCode.GET_CONSUME_STATS, inTurn.handler(this::consumeStats));
    router.register(RequestCode.GET_BROKER_CONSUME_STATS, inTurn.handler(this::allConsumeStats));
    router.register(RequestCode.QUERY_TOPIC_CONSUME_BY_WHO, inTurn.handler(this::groupsOn));
    router.register(RequestCode.QUERY_TOPICS_BY_CONSUMER, inTurn.handler(this::topicsOf));
  }

  private void topicStats(Command request, Connection connection, Reply reply) {
    String name = request.fields().requiredText("topic");
    Optional<TopicConfig> topic = topics.find(name);
    if (topic.isEmpty()) {
      reply.fail(ResponseCode.TOPIC_NOT_EXIST, "topic[" + name + "] not exist");
      return;
    }
    int count = Math.max(topic.get().readQueues(), topic.get().writeQueues());
    List<Optional<ConsumeQueue>> stored = new ArrayList<>();
    List<Optional<Entry>> last = new ArrayList<>();
    for (int queueId = 0; queueId < count; queueId++) {
      Optional<ConsumeQueue> queue = queues.find(name, queueId);
      stored.add(queue);
      last.add(StoreTimes.messageAt(queue, queue.map(ConsumeQueue::servedOffset).orElse(0L) - 1));
    }
    double putTps =
        recent.in(Span.MINUTE, name, clock.nowMillis()).map(Recent::perSecond).orElse(0.0);
    times.read(
        reply,
        last,
        read -> {
          Map<MessageQueueBody, QueueRange> table = new LinkedHashMap<>();
          for (int queueId = 0; queueId < count; queueId++) {
            table.put(
                new MessageQueueBody(brokerName, queueId, name),
                new QueueRange(
                    read.get(queueId),
                    stored.get(queueId).map(ConsumeQueue::servedOffset).orElse(0L),
                    stored.get(queueId).map(ConsumeQueue::minOffset).orElse(0L)));
          }
          reply.success(Fields.empty(), JsonBodies.write(new TopicStatsBody(table, putTps)));
        });
  }

  private void consumeStats(Command request, Connection connection, Reply reply) {
    String group = request.fields().requiredText("consumerGroup");
    Optional<String> wanted = request.fields().text("topic").filter(topic -> !topic.isEmpty());
    Set<String> present = progress.presentTopicsOf(group);
    Collection<String> asked =
        wanted
            .<Collection<String>>map(topic -> present.contains(topic) ? List.of(topic) : List.of())
            .orElse(present);
    if (asked.stream().mapToInt(progress::queuesOf).sum() > MAX_ROWS) {
      reply.fail(
          ResponseCode.SYSTEM_ERROR,
          "group " + group + " reads more than " + MAX_ROWS + " queues: ask topic by topic");
      return;
    }
    answer(
        reply,
        asked.stream().map(topic -> new GroupOnTopic(group, topic)).toList(),
        (parts, all) -> {
          Map<MessageQueueBody, Progress> table = new LinkedHashMap<>();
          all.forEach(stats -> table.putAll(stats.offsetTable()));
          double tps = all.stream().mapToDouble(ConsumeStatsBody::consumeTps).sum();
          return JsonBodies.write(new ConsumeStatsBody(tps, table));
        });
  }

  /** RocketMQ's tools ask only for ordered topics with a flag; there are none of these here. */
  private void allConsumeStats(Command request, Connection connection, Reply reply) {
    boolean orderedOnly = request.fields().flag("isOrder");
    List<GroupOnTopic> asked = new ArrayList<>();
    int rows = 0;
    for (GroupConfig group : orderedOnly ? List.<GroupConfig>of() : groups.all()) {
      for (String topic : progress.presentTopicsOf(group.name())) {
        rows += progress.queuesOf(topic);
        if (rows > MAX_ROWS) {
          reply.fail(
              ResponseCode.SYSTEM_ERROR,
              "the groups of this broker read more than "
                  + MAX_ROWS
                  + " queues: ask for one group at a time");
          return;
        }
        asked.add(new GroupOnTopic(group.name(), topic));
      }
    }
    String address = AdvertisedAddress.text(connection.localAddress());
    answer(reply, asked, (parts, all) -> JsonBodies.write(ofAll(address, parts, all)));
  }

  private static BrokerConsumeStatsBody ofAll(
      String address, List<Part> parts, List<ConsumeStatsBody> all) {
    Map<String, List<ConsumeStatsBody>> byGroup = new TreeMap<>();
    long behind = 0;
    long inFlight = 0;
    for (int i = 0; i < parts.size(); i++) {
      byGroup.computeIfAbsent(parts.get(i).group(), name -> new ArrayList<>()).add(all.get(i));
      for (Progress row : all.get(i).offsetTable().values()) {
        behind += row.brokerOffset() - row.consumerOffset();
        inFlight += row.pullOffset() - row.consumerOffset();
      }
    }
    List<Map<String, List<ConsumeStatsBody>>> list = new ArrayList<>();
    byGroup.forEach((group, stats) -> list.add(Map.of(group, stats)));
    return new BrokerConsumeStatsBody(address, list, behind, inFlight);
  }

  /** A group on a topic, as the turn saw it. */
  private record Part(String group, double tps, List<ConsumerProgress.InQueue> rows) {}

  private Part part(String group, String topic) {
    double tps =
        recent
            .out(Span.MINUTE, new GroupOnTopic(group, topic), clock.nowMillis())
            .map(Recent::perSecond)
            .orElse(0.0);
    return new Part(group, tps, progress.of(group, topic));
  }

  /** Writes parts, of each of which it is told what is to be written. */
  @FunctionalInterface
  private interface Body {
    ByteBuffer of(List<Part> parts, List<ConsumeStatsBody> stats);
  }

  private void answer(Reply reply, List<GroupOnTopic> asked, Body body) {
    new Look(asked.iterator(), reply, parts -> answerWithTimes(reply, parts, body)).goOn();
  }

  /** Looks at groups on topics, a few at a time, and leaves the turn in between. */
  private final class Look {
    private final Iterator<GroupOnTopic> left;
    private final Reply reply;
    private final Consumer<List<Part>> end;
    private final List<Part> parts = new ArrayList<>();

    Look(Iterator<GroupOnTopic> left, Reply reply, Consumer<List<Part>> end) {
      this.left = left;
      this.reply = reply;
      this.end = end;
    }

    void goOn() {
      for (int rows = 0; left.hasNext() && rows < ROWS_PER_LOOK; ) {
        GroupOnTopic next = left.next();
        Part part = part(next.group(), next.topic());
        parts.add(part);
        rows += part.rows().size();
      }
      if (left.hasNext()) {
        inTurn.run(reply, this::goOn);
      } else {
        end.accept(parts);
      }
    }
  }

  /** Reads the times of all parts together, then writes them, each with its own. */
  private void answerWithTimes(Reply reply, List<Part> parts, Body body) {
    List<Optional<Entry>> last = new ArrayList<>();
    parts.forEach(part -> part.rows().forEach(row -> last.add(row.last())));
    times.read(
        reply,
        last,
        read -> {
          Iterator<Long> time = read.iterator();
          List<ConsumeStatsBody> all = parts.stream().map(part -> stats(part, time)).toList();
          reply.success(Fields.empty(), body.of(parts, all));
        });
  }

  private ConsumeStatsBody stats(Part part, Iterator<Long> time) {
    Map<MessageQueueBody, Progress> table = new LinkedHashMap<>();
    for (ConsumerProgress.InQueue row : part.rows()) {
      table.put(
          new MessageQueueBody(brokerName, row.queue().queueId(), row.queue().topic()),
          new Progress(row.queueEnd(), row.next(), time.next(), row.given()));
    }
    return new ConsumeStatsBody(part.tps(), table);
  }

  private void groupsOn(Command request, Connection connection, Reply reply) {
    Set<String> reading = progress.groupsOn(request.fields().requiredText("topic"));
    reply.success(Fields.empty(), JsonBodies.write(new GroupListBody(List.copyOf(reading))));
  }

  private void topicsOf(Command request, Connection connection, Reply reply) {
    Set<String> read = progress.topicsOf(request.fields().requiredText("group"));
    reply.success(Fields.empty(), JsonBodies.write(new TopicListBody(List.copyOf(read))));
  }
}
