package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.SystemTopics;
import io.moiety.protocol.UniqueKeys;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sends messages of one connection, in the order of the calls of each thread. Thread-safe. */
final class Sender {

  /** RocketMQ asks for a group with every send; it has a meaning for half messages only. */
  static final String PRODUCER_GROUP = "MOIETY_PRODUCER";

  /** Topics that come into being by a send have one queue, so that order holds. */
  private static final int QUEUES_OF_NEW_TOPIC = 1;

  private final Connection connection;
  private final RouteTable routes;
  private final BrokerIdentity broker;
  private final UniqueKeys uniqueKeys;
  private final Duration timeout;

  Sender(
      Connection connection,
      RouteTable routes,
      BrokerIdentity broker,
      UniqueKeys uniqueKeys,
      Duration timeout) {
    this.connection = connection;
    this.routes = routes;
    this.broker = broker;
    this.uniqueKeys = uniqueKeys;
    this.timeout = timeout;
  }

  /**
   * @param result makes what the caller wants to know of the receipt; what it throws ends the
   *     connection
   */
  <T> CompletableFuture<T> send(
      String producerGroup, OutgoingMessage message, Function<SendReceipt, T> result) {
    return send(producerGroup, message, fields -> {}, (receipt, answer) -> result.apply(receipt));
  }

  /** The only message of a branch, and the commit of that. */
  CompletableFuture<Optional<Branch>> sendAndCommit(
      OutgoingMessage message, Optional<NextBranch> next) {
    return send(
        PRODUCER_GROUP,
        message,
        fields -> {
          fields.put("commit", true);
          next.ifPresent(asked -> asked.askIn(fields));
        },
        (receipt, answer) -> next.flatMap(asked -> asked.startedBy(answer)));
  }

  /**
   * @param more adds what else the request asks for
   */
  private <T> CompletableFuture<T> send(
      String producerGroup,
      OutgoingMessage message,
      Consumer<Fields.Builder> more,
      BiFunction<SendReceipt, Fields, T> result) {
    int bodyBytes = message.body().remaining();
    if (bodyBytes > broker.maxMessageBytes()) {
      return CompletableFuture.failedFuture(
          new BrokerException(
              ResponseCode.MESSAGE_ILLEGAL,
              "the body has "
                  + bodyBytes
                  + " bytes; the broker's maxMessageSize is "
                  + broker.maxMessageBytes()));
    }
    OutgoingMessage stored = message.with(storedProperties(message));
    PendingRequest<T> pending;
    try {
      pending =
          connection.admit(
              RequestCode.SEND_MESSAGE_V2,
              RequestKind.SEND,
              bodyBytes,
              timeout,
              reader(stored, result));
    } catch (RequestLimitException full) {
      return CompletableFuture.failedFuture(full);
    }
    connection.execute(
        () -> route(producerGroup, stored, more, pending),
        () ->
            connection.fail(
                pending,
                new ConnectionLostException(
                    "The message to " + message.topic() + " was not sent, the client is closed",
                    false)));
    return pending.future();
  }

  CompletableFuture<Optional<SendReceipt>> outcome(String topic, String uniqueKey) {
    return connection.request(
        Command.request(
            RequestCode.SEND_OUTCOME,
            Fields.builder().put("topic", topic).put("uniqueKey", uniqueKey).build()),
        RequestKind.CONTROL,
        timeout,
        AnswerReader.ofSuccess(
            answer ->
                answer.fields().flag("stored")
                    ? Optional.of(receipt(SendStatus.OK, answer.fields(), uniqueKey))
                    : Optional.empty()));
  }

  private static SendReceipt receipt(SendStatus status, Fields fields, String uniqueKey) {
    return new SendReceipt(
        status,
        fields.requiredText("msgId"),
        fields.requiredInt("queueId"),
        fields.requiredLong("queueOffset"),
        uniqueKey);
  }

  private void route(
      String producerGroup,
      OutgoingMessage message,
      Consumer<Fields.Builder> more,
      PendingRequest<?> pending) {
    if (message.queueId() != OutgoingMessage.ANY_QUEUE) {
      connection.start(pending, command(producerGroup, message, message.queueId(), more));
      return;
    }
    routes.choose(
        message.topic(),
        System.nanoTime(),
        new RouteTable.Choice() {
          @Override
          public void queue(int queueId) {
            connection.start(pending, command(producerGroup, message, queueId, more));
          }

          @Override
          public void failed(ClientException cause) {
            connection.fail(pending, cause);
          }
        });
  }

  private <T> AnswerReader<T> reader(
      OutgoingMessage message, BiFunction<SendReceipt, Fields, T> result) {
    String uniqueKey = message.properties().get(PropertyNames.UNIQUE_KEY).orElseThrow();
    return answer -> {
      SendStatus status = SendStatus.ofCode(answer.code()).orElse(null);
      if (status == null) {
        if (speaksAgainstRoute(answer.code())) {
          routes.forget(message.topic());
        }
        throw AnswerReader.refusal(answer);
      }
      return result.apply(receipt(status, answer.fields(), uniqueKey), answer.fields());
    };
  }

  /** The topic or the queue that was chosen is not, or not any more, what the route said. */
  private static boolean speaksAgainstRoute(int code) {
    return code == ResponseCode.TOPIC_NOT_EXIST
        || code == ResponseCode.INVALID_PARAMETER
        || code == ResponseCode.NO_PERMISSION;
  }

  private MessageProperties storedProperties(OutgoingMessage message) {
    Map<String, String> added = new LinkedHashMap<>();
    if (!message.properties().has(PropertyNames.UNIQUE_KEY)) {
      added.put(PropertyNames.UNIQUE_KEY, uniqueKeys.next());
    }
    message
        .branch()
        .ifPresent(
            part -> {
              added.put(PropertyNames.BRANCH_XID, part.xid().toText());
              added.put(PropertyNames.BRANCH_INCARNATION, Long.toString(part.incarnation()));
              added.put(PropertyNames.BRANCH_SEQUENCE, Integer.toString(part.sequence()));
            });
    return added.isEmpty() ? message.properties() : message.properties().withAll(added);
  }

  /** RocketMQ's second form of the send request, with field names of one letter. */
  private static Command command(
      String producerGroup, OutgoingMessage message, int queueId, Consumer<Fields.Builder> more) {
    Fields.Builder fields =
        Fields.builder()
            .put("a", producerGroup)
            .put("b", message.topic())
            .put("c", SystemTopics.DEFAULT_TOPIC)
            .put("d", QUEUES_OF_NEW_TOPIC)
            .put("e", queueId)
            .put("f", message.sysFlag())
            .put("g", message.bornTimestampMillis())
            .put("h", message.flag())
            .put("i", message.properties().toText())
            .put("j", 0)
            .put("k", false)
            .put("m", false);
    more.accept(fields);
    return Command.request(RequestCode.SEND_MESSAGE_V2, fields.build(), message.body());
  }
}
