package io.moiety.broker.server;

import io.moiety.broker.delivery.QueueGroups;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.TemporaryTopics;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.topic.TopicTable;
import io.moiety.broker.topic.TopicUse;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import java.util.Optional;

/** Moiety's topic commands; a temporary topic goes with the connection that made it. */
public final class TopicHandlers {
  private final TopicTable topics;
  private final TopicCreation creation;
  private final TemporaryTopics temporary;
  private final Journal journal;
  private final TopicUse use;
  private final QueueGroups queueGroups;
  private final LostConnections lostConnections;
  private final InTurn inTurn;

  public TopicHandlers(
      TopicTable topics,
      TopicCreation creation,
      TemporaryTopics temporary,
      Journal journal,
      TopicUse use,
      QueueGroups queueGroups,
      LostConnections lostConnections,
      InTurn inTurn) {
    this.topics = topics;
    this.creation = creation;
    this.temporary = temporary;
    this.journal = journal;
    this.use = use;
    this.queueGroups = queueGroups;
    this.lostConnections = lostConnections;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(
        RequestCode.TOPIC_CREATE,
        (request, connection, reply) -> {
          lostConnections.watch(connection);
          inTurn.run(
              reply,
              () -> lostConnections.ifOpen(connection, () -> create(request, connection, reply)));
        });
    router.register(RequestCode.TOPIC_DELETE, inTurn.handler(this::delete));
  }

  private void create(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    String name = fields.requiredText("topic");
    Optional<String> badName = TopicCreation.refuseName(name);
    if (badName.isPresent()) {
      reply.fail(ResponseCode.MESSAGE_ILLEGAL, badName.get());
      return;
    }
    if (refusedAsReserved(name, reply)) {
      return;
    }
    boolean isTemporary = fields.flag("temporary");
    boolean isQueue = fields.flag("queue") && !isTemporary;
    Optional<TopicConfig> existing = topics.find(name);
    if (existing.isPresent()) {
      ensureGroup(name, isQueue);
      answer(existing.get(), false, reply);
      return;
    }
    int queues = fields.intOr("queues", 1);
    Optional<TopicConfig> created =
        creation.create(
            new TopicConfig(name, queues, queues, TopicConfig.PERMISSION_READ_WRITE, isTemporary));
    if (created.isEmpty()) {
      reply.fail(
          ResponseCode.SYSTEM_ERROR,
          creation.whyNot(name, queues).orElse("the topic cannot be created"));
      return;
    }
    ensureGroup(name, isQueue);
    if (isTemporary) {
      temporary.created(name, connection.id());
    }
    answer(created.get(), true, reply);
  }

  private void ensureGroup(String topic, boolean isQueue) {
    if (isQueue) {
      queueGroups.ensure(topic);
    }
  }

  /** What waits on the broker's own topics would go with them. */
  private static boolean refusedAsReserved(String name, Reply reply) {
    boolean reserved = SystemTopics.isReserved(name);
    if (reserved) {
      reply.fail(ResponseCode.NO_PERMISSION, "the topic " + name + " is the broker's own");
    }
    return reserved;
  }

  private void answer(TopicConfig topic, boolean created, Reply reply) {
    Fields fields =
        Fields.builder().put("queues", topic.writeQueues()).put("created", created).build();
    journal.whenServed(
        journal.endPosition(), outcome -> StoreReplies.whenStored(reply, outcome, fields));
  }

  private void delete(Command request, Connection connection, Reply reply) {
    String name = request.fields().requiredText("topic");
    if (refusedAsReserved(name, reply)) {
      return;
    }
    if (use.hasConsumers(name)) {
      reply.fail(
          ResponseCode.ILLEGAL_OPERATION,
          "the topic " + name + " has consumers: close them before it is deleted");
    } else if (creation.delete(name)) {
      journal.whenServed(
          journal.endPosition(),
          outcome -> StoreReplies.whenStored(reply, outcome, Fields.empty()));
    } else {
      reply.fail(ResponseCode.TOPIC_NOT_EXIST, "the topic " + name + " does not exist");
    }
  }
}
