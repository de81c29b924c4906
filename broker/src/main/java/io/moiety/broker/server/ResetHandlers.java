package io.moiety.broker.server;

import io.moiety.broker.store.Journal;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.MessageQueueBody;
import io.moiety.protocol.body.ResetOffsetsBody;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts groups elsewhere in their queues. As RocketMQ 5 does it, here and not at the consumers: a
 * member learns it from the answer to its next pull, and whoever has a message by lease has it no
 * more.
 */
final class ResetHandlers {

  /** Queues in which one request may put a group where another is. */
  static final int MAX_COPIED = 10_000;

  private static final int ALL_QUEUES = -1;
  private static final long BY_TIME = -1;

  private final String brokerName;
  private final TopicTable topics;
  private final GroupTable groups;
  private final ClassicOffsets offsets;
  private final QueueOffsets stored;
  private final TimeSearches searches;
  private final PullHandlers pulls;
  private final Journal journal;
  private final InTurn inTurn;

  ResetHandlers(
      String brokerName,
      TopicTable topics,
      GroupTable groups,
      ClassicOffsets offsets,
      QueueOffsets stored,
      TimeSearches searches,
      PullHandlers pulls,
      Journal journal,
      InTurn inTurn) {
    this.brokerName = brokerName;
    this.topics = topics;
    this.groups = groups;
    this.offsets = offsets;
    this.stored = stored;
    this.searches = searches;
    this.pulls = pulls;
    this.journal = journal;
    this.inTurn = inTurn;
  }

  void register(RequestRouter router) {
    router.register(RequestCode.INVOKE_BROKER_TO_RESET_OFFSET, inTurn.handler(this::reset));
    router.register(RequestCode.CLONE_GROUP_OFFSET, inTurn.handler(this::copy));
  }

  private void reset(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    String group = fields.requiredText("group");
    String name = fields.requiredText("topic");
    int queueId = fields.intOr("queueId", ALL_QUEUES);
    long queueOffset = fields.longOr("offset", BY_TIME);
    Optional<Refusal> refusal = refuse(group, name, queueId);
    if (refusal.isPresent()) {
      refusal.get().tell(reply);
    } else if (queueId != ALL_QUEUES && queueOffset != BY_TIME) {
      resetTo(group, new QueueKey(name, queueId), queueOffset, reply);
    } else {
      int first = Math.max(0, queueId);
      int end = queueId == ALL_QUEUES ? queuesOf(name) : queueId + 1;
      new ByTime(group, name, end, fields.requiredLong("timestamp"), reply).searchFrom(first);
    }
  }

  private void resetTo(String group, QueueKey queue, long queueOffset, Reply reply) {
    long min = stored.min(queue);
    long max = stored.max(queue);
    if (queueOffset < min || queueOffset > max) {
      reply.fail(
          ResponseCode.SYSTEM_ERROR,
          "Target offset %d not in consume queue range [%d-%d]".formatted(queueOffset, min, max));
    } else {
      put(group, Map.of(queue, queueOffset), reply);
    }
  }

  /** Looks for a time in one queue after the other. Owner: the store turn. */
  private final class ByTime {
    private final String group;
    private final String topic;
    private final int endQueue;
    private final long timestampMillis;
    private final Reply reply;
    private final Map<QueueKey, Long> found = new LinkedHashMap<>();

    /**
     * @param timestampMillis below 0 is behind everything
     */
    ByTime(String group, String topic, int endQueue, long timestampMillis, Reply reply) {
      this.group = group;
      this.topic = topic;
      this.endQueue = endQueue;
      this.timestampMillis = timestampMillis;
      this.reply = reply;
    }

    void searchFrom(int queueId) {
      if (queueId == endQueue) {
        putIfStillThere();
        return;
      }
      QueueKey queue = new QueueKey(topic, queueId);
      if (timestampMillis < 0) {
        found.put(queue, stored.max(queue));
        searchFrom(queueId + 1);
      } else {
        searches.find(
            queue,
            timestampMillis,
            reply,
            boundary -> {
              found.put(queue, boundary.firstSince());
              searchFrom(queueId + 1);
            });
      }
    }

    /**
     * The search left the turn: topic and group may have been deleted meanwhile, and the topic made
     * anew, with less in its queues.
     */
    private void putIfStillThere() {
      Optional<Refusal> refusal = refuse(group, topic, endQueue - 1);
      if (refusal.isPresent()) {
        refusal.get().tell(reply);
      } else {
        found.replaceAll((queue, next) -> Math.min(next, stored.max(queue)));
        put(group, found, reply);
      }
    }
  }

  /** Why the group cannot be put anywhere in queues of the topic up to this one. */
  private Optional<Refusal> refuse(String group, String name, int lastQueueId) {
    Optional<TopicConfig> topic = topics.find(name);
    if (topic.isEmpty()) {
      return Optional.of(
          new Refusal(ResponseCode.TOPIC_NOT_EXIST, "Topic " + name + " does not exist"));
    }
    if (groups.find(group).isEmpty()) {
      return Optional.of(
          new Refusal(
              ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, "Group " + group + " does not exist"));
    }
    return lastQueueId < ALL_QUEUES || lastQueueId >= topic.get().readQueues()
        ? Optional.of(
            new Refusal(
                ResponseCode.INVALID_PARAMETER,
                "queueId " + lastQueueId + ": topic " + name + " has " + topic.get().readQueues()))
        : Optional.empty();
  }

  private record Refusal(int code, String remark) {
    void tell(Reply reply) {
      reply.fail(code, remark);
    }
  }

  private void put(String group, Map<QueueKey, Long> targets, Reply reply) {
    offsets.reset(group, targets);
    targets.keySet().forEach(pulls::moved);
    Map<MessageQueueBody, Long> table = new LinkedHashMap<>();
    targets.forEach(
        (queue, queueOffset) ->
            table.put(
                new MessageQueueBody(brokerName, queue.queueId(), queue.topic()), queueOffset));
    ByteBuffer body = JsonBodies.write(new ResetOffsetsBody(table));
    journal.whenServed(
        journal.endPosition(),
        outcome -> StoreReplies.whenStored(reply, outcome, Fields.empty(), body));
  }

  /** One group goes on where another is. */
  private void copy(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    String from = fields.requiredText("srcGroup");
    String to = fields.requiredText("destGroup");
    Optional<String> wanted = fields.text("topic").filter(topic -> !topic.isEmpty());
    if (groups.find(to).isEmpty()) {
      reply.fail(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, "Group " + to + " does not exist");
      return;
    }
    Set<String> known = offsets.topicsOf(from);
    List<String> copied =
        known.stream().filter(topic -> wanted.map(topic::equals).orElse(true)).toList();
    if (copied.stream().mapToInt(this::queuesOf).sum() > MAX_COPIED) {
      reply.fail(
          ResponseCode.SYSTEM_ERROR,
          "group " + from + " reads more than " + MAX_COPIED + " queues: copy topic by topic");
      return;
    }
    Map<QueueKey, Long> targets = new LinkedHashMap<>();
    for (String topic : copied) {
      int count = queuesOf(topic);
      for (int queueId = 0; queueId < count; queueId++) {
        QueueKey queue = new QueueKey(topic, queueId);
        offsets.find(from, queue).ifPresent(next -> targets.put(queue, next));
      }
    }
    offsets.reset(to, targets);
    targets.keySet().forEach(pulls::moved);
    journal.whenServed(
        journal.endPosition(), outcome -> StoreReplies.whenStored(reply, outcome, Fields.empty()));
  }

  private int queuesOf(String topic) {
    return topics.find(topic).map(TopicConfig::readQueues).orElse(0);
  }
}
