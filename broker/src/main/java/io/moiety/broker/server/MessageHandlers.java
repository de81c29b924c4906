package io.moiety.broker.server;

import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Messages that consumers send back since they could not work them off.
 *
 * <p>Owner: the store turn.
 */
public final class MessageHandlers {

  /** RocketMQ's first retry waits as long as level 3; each later one a level longer. */
  private static final int FIRST_RETRY_LEVEL = 3;

  private final RecordFinder finder;
  private final LongSupplier servedPosition;
  private final GroupTable groups;
  private final TopicCreation topics;
  private final DelayRouting delays;
  private final Journal journal;
  private final BrokerClock clock;
  private final InTurn inTurn;

  /**
   * @param servedPosition how far the log may be seen
   */
  public MessageHandlers(
      RecordFinder finder,
      LongSupplier servedPosition,
      GroupTable groups,
      TopicCreation topics,
      DelayRouting delays,
      Journal journal,
      BrokerClock clock,
      InTurn inTurn) {
    this.finder = finder;
    this.servedPosition = servedPosition;
    this.groups = groups;
    this.topics = topics;
    this.delays = delays;
    this.journal = journal;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.CONSUMER_SEND_MSG_BACK, this::sendBack);
  }

  private void sendBack(Command request, Connection connection, Reply reply) {
    long position = request.fields().requiredLong("offset");
    inTurn.append(
        reply,
        () -> List.of(new RecordSpan(position, RecordLayout.RECORD_MIN_BYTES)),
        () -> sendBack(request.fields(), position, reply));
  }

  private void sendBack(Fields fields, long position, Reply reply) {
    String name = fields.requiredText("group");
    int delayLevel = fields.requiredInt("delayLevel");
    Optional<GroupConfig> group = groups.find(name);
    Optional<RecordView> failed = find(position);
    if (group.isEmpty()) {
      reply.fail(
          ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, "subscription group not exist, " + name);
    } else if (failed.isEmpty()) {
      reply.fail(ResponseCode.SYSTEM_ERROR, "look message by offset failed, " + position);
    } else if (!reply.rights().mayConsume(failed.get().topic())) {
      reply.fail(ResponseCode.NO_PERMISSION, QueryHandlers.NOT_YOURS);
    } else if (group.get().classic().retryQueues() <= 0) {
      reply.success(Fields.empty());
    } else {
      int maxRetries = fields.intOr("maxReconsumeTimes", group.get().maxRetries());
      boolean exhausted = delayLevel < 0 || failed.get().reconsumeTimes() >= maxRetries;
      if (exhausted) {
        put(RetryCopies.deadLetter(failed.get(), name), topics.ensureDeadLetters(name), reply);
      } else {
        RecordDraft copy = RetryCopies.retry(failed.get(), name, level(delayLevel, failed.get()));
        putRetry(copy, group.get().classic().retryQueues(), reply);
      }
    }
  }

  private static int level(int asked, RecordView failed) {
    return asked == 0 ? FIRST_RETRY_LEVEL + failed.reconsumeTimes() : asked;
  }

  private void putRetry(RecordDraft copy, int queues, Reply reply) {
    Optional<TopicConfig> topic = topics.ensure(copy.topic(), queues);
    if (topic.isEmpty()) {
      reply.fail(
          ResponseCode.SYSTEM_ERROR,
          topics.whyNot(copy.topic(), queues).orElse("the topic cannot be created"));
    } else {
      put(copy, topic.get(), reply);
    }
  }

  private void put(RecordDraft copy, TopicConfig topic, Reply reply) {
    int queueId = ThreadLocalRandom.current().nextInt(topic.readQueues());
    RecordDraft placed = copy.withDestination(topic.name(), queueId);
    Journal.Logged logged = journal.put(delays.route(placed, clock.nowMillis()));
    journal.whenServed(
        logged.endPosition(), outcome -> StoreReplies.whenStored(reply, outcome, Fields.empty()));
  }

  /**
   * What is not served yet is not there for clients, nor are half messages, delayed ones and the
   * broker's own records: a copy of one would be visible.
   */
  private Optional<RecordView> find(long position) {
    return position < 0 || position >= servedPosition.getAsLong()
        ? Optional.empty()
        : finder.find(position).filter(record -> !SystemTopics.isInternal(record.topic()));
  }
}
