package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MalformedBodyException;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.RouteBody;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Topics and subscriptions at the broker. Thread-safe. */
public final class Topics {

  private final Connection connection;
  private final Duration timeout;

  Topics(Connection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * Creates a topic, or finds it as it is. Its messages are kept by age, and for subscriptions.
   *
   * @param temporary deleted with this connection
   */
  public CompletableFuture<TopicCreation> create(String topic, int queues, boolean temporary) {
    return create(topic, queues, temporary, false);
  }

  /**
   * As {@link #create}, for a Jakarta Messaging queue: each message is kept until a receiver
   * acknowledges it, also when there was no receiver yet.
   */
  public CompletableFuture<TopicCreation> createQueue(String topic, int queues, boolean temporary) {
    return create(topic, queues, temporary, true);
  }

  private CompletableFuture<TopicCreation> create(
      String topic, int queues, boolean temporary, boolean queue) {
    Fields fields =
        Fields.builder()
            .put("topic", topic)
            .put("queues", queues)
            .put("temporary", temporary)
            .put("queue", queue)
            .build();
    return ask(
        RequestCode.TOPIC_CREATE,
        fields,
        AnswerReader.ofSuccess(
            answer ->
                new TopicCreation(
                    answer.fields().requiredInt("queues"), answer.fields().flag("created"))));
  }

  /** Deletes a topic and its messages; refused while consumers wait on it. */
  public CompletableFuture<Void> delete(String topic) {
    return ask(
        RequestCode.TOPIC_DELETE, Fields.builder().put("topic", topic).build(), AnswerReader.DONE);
  }

  /**
   * Creates topic, group and subscription, as far as they are not there. When it is answered, the
   * group's position stands. A durable subscription that exists with another topic or selector
   * starts anew.
   */
  public CompletableFuture<Void> subscribe(SubscriptionSpec spec) {
    Fields.Builder fields =
        Fields.builder()
            .put("group", spec.group())
            .put("topic", spec.topic())
            .put("from", spec.from().name())
            .put("durable", spec.durable())
            .put("exclusive", spec.exclusive());
    spec.selector().ifPresent(selector -> fields.put("selector", selector));
    spec.noLocalClientId().ifPresent(clientId -> fields.put("noLocalClient", clientId));
    return ask(RequestCode.SUBSCRIBE, fields.build(), AnswerReader.DONE);
  }

  /** Deletes a subscription; refused while it is in use. */
  public CompletableFuture<Void> unsubscribe(String group) {
    return ask(
        RequestCode.UNSUBSCRIBE, Fields.builder().put("group", group).build(), AnswerReader.DONE);
  }

  /** Messages that wait in a queue, without taking them. */
  public CompletableFuture<BrowsePage> browse(BrowseRequest request) {
    Fields.Builder fields =
        Fields.builder()
            .put("topic", request.topic())
            .put("group", request.group())
            .put("queueId", request.queueId())
            .put("fromOffset", request.fromOffset())
            .put("maxMessages", request.maxMessages());
    request.selector().ifPresent(selector -> fields.put("selector", selector));
    return ask(
        RequestCode.BROWSE,
        fields.build(),
        AnswerReader.ofSuccess(
            answer ->
                new BrowsePage(
                    RecordView.list(answer.body()),
                    answer.fields().requiredLong("nextOffset"),
                    answer.fields().flag("end"))));
  }

  /** The queues of a topic; fails with code 17 when there is no such topic. */
  public CompletableFuture<TopicRoute> route(String topic) {
    return ask(
        RequestCode.GET_ROUTEINFO_BY_TOPIC,
        Fields.builder().put("topic", topic).build(),
        AnswerReader.ofSuccess(answer -> route(topic, answer)));
  }

  private static TopicRoute route(String topic, Command answer) {
    return JsonBodies.read(answer.body(), RouteBody.class).queues().stream()
        .findFirst()
        .map(queues -> new TopicRoute(topic, queues.readQueueNums(), queues.writeQueueNums()))
        .orElseThrow(() -> new MalformedBodyException("the route of " + topic + " has no queues"));
  }

  private <T> CompletableFuture<T> ask(int code, Fields fields, AnswerReader<T> reader) {
    return connection.request(Command.request(code, fields), RequestKind.CONTROL, timeout, reader);
  }
}
