package io.moiety.broker.server;

import io.moiety.broker.delivery.GroupReaders;
import io.moiety.broker.delivery.Refusal;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/** Offsets of queues, and of classic consumer groups in them. */
public final class OffsetHandlers {

  private static final String UPPER = "UPPER";

  private final TopicTable topics;
  private final QueueOffsets stored;
  private final TimeSearches searches;
  private final ClassicOffsets offsets;
  private final GroupReaders readers;
  private final BrokerClock clock;
  private final InTurn inTurn;

  public OffsetHandlers(
      TopicTable topics,
      QueueTable queues,
      RecordReader reader,
      Executor readers,
      ClassicOffsets offsets,
      GroupReaders groupReaders,
      BrokerClock clock,
      InTurn inTurn) {
    this.topics = topics;
    this.stored = new QueueOffsets(queues, reader);
    this.searches = new TimeSearches(queues, reader, readers, inTurn);
    this.offsets = offsets;
    this.readers = groupReaders;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    on(router, RequestCode.QUERY_CONSUMER_OFFSET, this::query);
    on(router, RequestCode.UPDATE_CONSUMER_OFFSET, this::update);
    on(router, RequestCode.SEARCH_OFFSET_BY_TIMESTAMP, this::search);
    on(
        router,
        RequestCode.GET_MAX_OFFSET,
        (queue, fields, reply) -> answer(reply, stored.max(queue)));
    on(
        router,
        RequestCode.GET_MIN_OFFSET,
        (queue, fields, reply) -> answer(reply, stored.min(queue)));
    on(
        router,
        RequestCode.GET_EARLIEST_MSG_STORETIME,
        (queue, fields, reply) ->
            reply.success(
                Fields.builder().put("timestamp", stored.earliestStoreMillis(queue)).build()));
  }

  private interface QueueRequest {
    void handle(QueueKey queue, Fields fields, Reply reply);
  }

  private void on(RequestRouter router, int code, QueueRequest handler) {
    router.register(
        code, inTurn.handler((request, connection, reply) -> withQueue(request, handler, reply)));
  }

  private void withQueue(Command request, QueueRequest handler, Reply reply) {
    Fields fields = request.fields();
    QueueKey queue = new QueueKey(fields.requiredText("topic"), fields.requiredInt("queueId"));
    if (topics.find(queue.topic()).isEmpty()) {
      reply.fail(
          ResponseCode.TOPIC_NOT_EXIST, "the topic " + queue.topic() + " does not exist here");
    } else {
      handler.handle(queue, fields, reply);
    }
  }

  /**
   * A group that is new to a topic of which nothing was deleted yet starts at its first message,
   * wherever its client would like to start: as in RocketMQ, so that a message sent just before the
   * first consumer came is not passed over.
   */
  private void query(QueueKey queue, Fields fields, Reply reply) {
    OptionalLong known = offsets.find(fields.requiredText("consumerGroup"), queue);
    boolean zeroAllowed = fields.text("setZeroIfNotFound").map(Boolean::parseBoolean).orElse(true);
    if (known.isPresent()) {
      answer(reply, known.getAsLong());
    } else if (zeroAllowed && stored.min(queue) == 0) {
      answer(reply, 0);
    } else {
      reply.fail(ResponseCode.QUERY_NOT_FOUND, "Not found, maybe this group consumer boot first");
    }
  }

  private void update(QueueKey queue, Fields fields, Reply reply) {
    String group = fields.requiredText("consumerGroup");
    long nextOffset = fields.requiredLong("commitOffset");
    int queues = topics.find(queue.topic()).map(TopicConfig::readQueues).orElse(0);
    if (queue.queueId() < 0 || queue.queueId() >= queues) {
      throw new BadFieldException(
          "queueId", Integer.toString(queue.queueId()), "from 0 to below " + queues);
    }
    if (nextOffset < 0) {
      throw new BadFieldException("commitOffset", Long.toString(nextOffset), "at least 0");
    }
    Optional<Refusal> leased = readers.refuseOffset(group, queue.topic());
    if (leased.isPresent()) {
      DeliveryReplies.refuse(reply, leased.get());
      return;
    }
    Optional<String> refusal = offsets.commit(group, queue, nextOffset, clock.nowMillis());
    if (refusal.isPresent()) {
      reply.fail(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, refusal.get());
    } else {
      reply.success(Fields.empty());
    }
  }

  /** As in RocketMQ: upper is the last message up to the time, lower the first from it on. */
  private void search(QueueKey queue, Fields fields, Reply reply) {
    long timestampMillis = fields.requiredLong("timestamp");
    boolean upper = fields.text("boundaryType").filter(UPPER::equalsIgnoreCase).isPresent();
    searches.find(
        queue,
        upper ? timestampMillis + 1 : timestampMillis,
        reply,
        boundary ->
            answer(
                reply,
                upper
                    ? Math.max(stored.min(queue), boundary.earlierEnd() - 1)
                    : boundary.firstSince()));
  }

  private static void answer(Reply reply, long queueOffset) {
    reply.success(Fields.builder().put("offset", queueOffset).build());
  }
}
