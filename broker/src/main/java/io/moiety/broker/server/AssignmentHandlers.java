package io.moiety.broker.server;

import io.moiety.broker.log.Appended;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.GroupSet;
import io.moiety.broker.store.SystemRecord.RequestModeSet;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.RequestModes;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import io.moiety.protocol.body.AssignmentsBody;
import io.moiety.protocol.body.AssignmentsBody.Assignment;
import io.moiety.protocol.body.HeartbeatBody.MessageModel;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.MessageQueueBody;
import io.moiety.protocol.body.MessageRequestModeBody;
import io.moiety.protocol.body.QueryAssignmentBody;
import io.moiety.protocol.body.RequestMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Shares out queues for clients that leave this to the broker, and lets a group pull or pop.
 *
 * <p>Owner: the store turn.
 */
public final class AssignmentHandlers {

  /** Stands for all queues of a topic; its members pop them together. */
  private static final int ANY_QUEUE = -1;

  private final String brokerName;
  private final TopicTable topics;
  private final GroupTable groups;
  private final RequestModes modes;
  private final ClientRegistry clients;
  private final Journal journal;
  private final InTurn inTurn;

  public AssignmentHandlers(
      String brokerName,
      TopicTable topics,
      GroupTable groups,
      RequestModes modes,
      ClientRegistry clients,
      Journal journal,
      InTurn inTurn) {
    this.brokerName = brokerName;
    this.topics = topics;
    this.groups = groups;
    this.modes = modes;
    this.clients = clients;
    this.journal = journal;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.QUERY_ASSIGNMENT, this::query);
    router.register(RequestCode.SET_MESSAGE_REQUEST_MODE, this::setMode);
  }

  private void query(Command request, Connection connection, Reply reply) {
    QueryAssignmentBody query = JsonBodies.readRequest(request.body(), QueryAssignmentBody.class);
    inTurn.run(reply, () -> reply.success(Fields.empty(), JsonBodies.write(assignments(query))));
  }

  /** Without assignments the client keeps what it has and asks again later. */
  private AssignmentsBody assignments(QueryAssignmentBody query) {
    Optional<TopicConfig> topic = topics.find(query.topic());
    if (topic.isEmpty()) {
      return AssignmentsBody.unknown();
    }
    int queues = topic.get().readQueues();
    OptionalInt popShare = modes.popShareQueues(query.consumerGroup(), query.topic());
    if (query.messageModel() == MessageModel.BROADCASTING) {
      return body(query.topic(), RequestMode.PULL, IntStream.range(0, queues));
    }
    List<String> members = clients.consumerIds(query.consumerGroup());
    Optional<QueueSharing> sharing =
        Optional.ofNullable(query.strategyName())
            .map(QueueSharing::named)
            .orElse(Optional.of(QueueSharing.AVG));
    int member = members.indexOf(query.clientId());
    if (member < 0 || sharing.isEmpty()) {
      return AssignmentsBody.unknown();
    }
    return popShare.isEmpty()
        ? body(query.topic(), RequestMode.PULL, sharing.get().share(member, members.size(), queues))
        : body(
            query.topic(),
            RequestMode.POP,
            popped(sharing.get(), member, members.size(), queues, popShare.getAsInt()));
  }

  /**
   * As in RocketMQ: a member pops its own queues and those of so many members after it; all queues,
   * when that is everybody or nothing is said.
   */
  private static IntStream popped(
      QueueSharing sharing, int member, int members, int queues, int shareWith) {
    if (shareWith <= 0 || shareWith >= members - 1) {
      return IntStream.of(ANY_QUEUE);
    }
    return members > queues
        ? IntStream.of(member % queues)
        : IntStream.rangeClosed(0, shareWith)
            .flatMap(next -> sharing.share((member + next) % members, members, queues))
            .distinct();
  }

  private AssignmentsBody body(String topic, RequestMode mode, IntStream queueIds) {
    return new AssignmentsBody(
        queueIds
            .mapToObj(
                queueId -> new Assignment(new MessageQueueBody(brokerName, queueId, topic), mode))
            .toList());
  }

  private void setMode(Command request, Connection connection, Reply reply) {
    MessageRequestModeBody body =
        JsonBodies.readRequest(request.body(), MessageRequestModeBody.class);
    inTurn.append(reply, () -> setMode(body, reply));
  }

  /** Makes the group, as its first request would: what is set goes with it then. */
  private void setMode(MessageRequestModeBody body, Reply reply) {
    String group = body.consumerGroup();
    String topic = body.topic();
    boolean pop = body.mode() == RequestMode.POP;
    Optional<String> badName = TopicCreation.refuseName(group);
    Optional<String> tooMany =
        groups.refuse(group).or(() -> pop ? modes.refuse(group, topic) : Optional.empty());
    if (SystemTopics.isRetry(topic)) {
      reply.fail(ResponseCode.NO_PERMISSION, "retry topic is not allowed to set mode");
    } else if (topics.find(topic).isEmpty()) {
      reply.fail(ResponseCode.TOPIC_NOT_EXIST, "topic[" + topic + "] not exist, create it first");
    } else if (badName.isPresent()) {
      reply.fail(ResponseCode.INVALID_PARAMETER, "consumerGroup: " + badName.get());
    } else if (tooMany.isPresent()) {
      reply.fail(ResponseCode.SYSTEM_BUSY, tooMany.get());
    } else {
      List<SystemRecord> facts = new ArrayList<>();
      if (groups.find(group).isEmpty()) {
        facts.add(new GroupSet(GroupConfig.plain(group)));
      }
      facts.add(new RequestModeSet(group, topic, pop, body.popShareQueueNum()));
      Appended appended = journal.recordAll(facts);
      journal.whenServed(
          appended.endPosition(),
          outcome -> StoreReplies.whenStored(reply, outcome, Fields.empty()));
    }
  }
}
