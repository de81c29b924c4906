package io.moiety.broker.server;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toMap;

import io.moiety.broker.store.Journal;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.topic.TopicTable;
import io.moiety.broker.topic.TopicUse;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import io.moiety.protocol.body.DataVersionBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.TopicConfigBody;
import io.moiety.protocol.body.TopicConfigListBody;
import io.moiety.protocol.body.TopicConfigTableBody;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Topics as RocketMQ's tools and producers create, change, delete and show them. */
public final class TopicAdminHandlers {

  /** RocketMQ's bits: 4 read, 2 write, 1 inherit. */
  private static final int MAX_PERMISSION = 7;

  /** Topics in one request; each is counted against the limits anew. */
  private static final int MAX_LISTED = 1_000;

  private final TopicTable topics;
  private final TopicCreation creation;
  private final TopicUse use;
  private final Journal journal;
  private final InTurn inTurn;

  public TopicAdminHandlers(
      TopicTable topics, TopicCreation creation, TopicUse use, Journal journal, InTurn inTurn) {
    this.topics = topics;
    this.creation = creation;
    this.use = use;
    this.journal = journal;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.UPDATE_AND_CREATE_TOPIC, inTurn.handler(this::set));
    router.register(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST, this::setAll);
    router.register(RequestCode.DELETE_TOPIC_IN_BROKER, inTurn.handler(this::delete));
    router.register(RequestCode.GET_TOPIC_CONFIG, this::show);
    router.register(RequestCode.GET_ALL_TOPIC_CONFIG, this::showAll);
  }

  private void set(Command request, Connection connection, Reply reply) {
    set(List.of(config(request.fields())), reply);
  }

  private void setAll(Command request, Connection connection, Reply reply) {
    List<TopicConfigBody> bodies =
        JsonBodies.readRequest(request.body(), TopicConfigListBody.class).topicConfigList();
    if (bodies.size() > MAX_LISTED) {
      throw new BadFieldException(
          "topicConfigList", bodies.size() + " topics", "at most " + MAX_LISTED);
    }
    List<TopicConfig> configs = bodies.stream().map(TopicAdminHandlers::config).toList();
    inTurn.run(reply, () -> set(configs, reply));
  }

  /** None, when one of them cannot be by its name. */
  private void set(List<TopicConfig> configs, Reply reply) {
    Optional<String> badName =
        configs.stream().flatMap(config -> refuseName(config.name()).stream()).findFirst();
    if (badName.isPresent()) {
      reply.fail(ResponseCode.INVALID_PARAMETER, badName.get());
      return;
    }
    for (TopicConfig config : configs) {
      if (creation.create(config).isEmpty()) {
        reply.fail(
            ResponseCode.SYSTEM_ERROR,
            creation
                .whyNot(config.name(), config.writeQueues())
                .orElse("the topic " + config.name() + " cannot be created"));
        return;
      }
    }
    answerWhenStored(reply);
  }

  private static Optional<String> refuseName(String name) {
    return TopicCreation.refuseName(name)
        .or(
            () ->
                SystemTopics.isReserved(name)
                    ? Optional.of("the topic " + name + " is the broker's own")
                    : Optional.empty());
  }

  private static TopicConfig config(Fields fields) {
    return new TopicConfig(
        fields.requiredText("topic"),
        queues(fields, "readQueueNums"),
        queues(fields, "writeQueueNums"),
        inRange("perm", fields.requiredInt("perm"), 0, MAX_PERMISSION),
        false);
  }

  private static TopicConfig config(TopicConfigBody body) {
    return new TopicConfig(
        body.topicName(),
        inRange("readQueueNums", body.readQueueNums(), 1, TopicConfig.MAX_QUEUES),
        inRange("writeQueueNums", body.writeQueueNums(), 1, TopicConfig.MAX_QUEUES),
        inRange("perm", body.perm(), 0, MAX_PERMISSION),
        false);
  }

  private static int queues(Fields fields, String field) {
    return inRange(field, fields.requiredInt(field), 1, TopicConfig.MAX_QUEUES);
  }

  private static int inRange(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new BadFieldException(field, Integer.toString(value), "from " + min + " to " + max);
    }
    return value;
  }

  private void delete(Command request, Connection connection, Reply reply) {
    String name = request.fields().requiredText("topic");
    if (SystemTopics.isReserved(name)) {
      reply.fail(ResponseCode.INVALID_PARAMETER, "the topic " + name + " is the broker's own");
    } else if (use.hasConsumers(name)) {
      reply.fail(
          ResponseCode.ILLEGAL_OPERATION,
          "the topic " + name + " has consumers: close them before it is deleted");
    } else {
      creation.delete(name);
      answerWhenStored(reply);
    }
  }

  private void answerWhenStored(Reply reply) {
    journal.whenServed(
        journal.endPosition(), outcome -> StoreReplies.whenStored(reply, outcome, Fields.empty()));
  }

  private void show(Command request, Connection connection, Reply reply) {
    String name = request.fields().requiredText("topic");
    Optional<TopicConfig> topic = topics.find(name);
    if (topic.isEmpty()) {
      reply.fail(ResponseCode.TOPIC_NOT_EXIST, "No topic in this broker. topic: " + name);
    } else {
      reply.success(Fields.empty(), JsonBodies.write(body(topic.get())));
    }
  }

  private void showAll(Command request, Connection connection, Reply reply) {
    List<TopicConfig> all = topics.all().stream().sorted(comparing(TopicConfig::name)).toList();
    Map<String, TopicConfigBody> table =
        TablePage.of(request.fields(), "topicSeq", "maxTopicNum", all).stream()
            .collect(toMap(TopicConfig::name, TopicAdminHandlers::body));
    Fields fields = Fields.builder().put("totalTopicNum", all.size()).build();
    reply.success(
        fields, JsonBodies.write(new TopicConfigTableBody(new DataVersionBody(0, 0, 0), table)));
  }

  private static TopicConfigBody body(TopicConfig topic) {
    return TopicConfigBody.of(
        topic.name(), topic.readQueues(), topic.writeQueues(), topic.permission());
  }
}
