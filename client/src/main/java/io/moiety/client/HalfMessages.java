package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.body.ConnectionBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.ProducerConnectionsBody;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Half messages of producers: sent invisible, then resolved; and the broker's questions about those
 * whose resolution it misses. Thread-safe.
 */
public final class HalfMessages {

  private final Connection connection;
  private final Sender sender;
  private final CheckBackGroups groups;
  private final Duration timeout;

  HalfMessages(Connection connection, Sender sender, CheckBackGroups groups, Duration timeout) {
    this.connection = connection;
    this.sender = sender;
    this.groups = groups;
    this.timeout = timeout;
  }

  /** Stores a message that nobody sees until it is committed. */
  public CompletableFuture<HalfReceipt> send(String producerGroup, OutgoingMessage message) {
    OutgoingMessage prepared =
        new OutgoingMessage(
            message.topic(),
            message.queueId(),
            message
                .properties()
                .withAll(
                    Map.of(
                        PropertyNames.TRANSACTION_PREPARED,
                        "true",
                        PropertyNames.PRODUCER_GROUP,
                        producerGroup)),
            message.body(),
            message.flag(),
            SysFlag.withTransactionPart(message.sysFlag(), SysFlag.TRANSACTION_PREPARED),
            message.bornTimestampMillis(),
            message.branch());
    return sender.send(
        producerGroup,
        prepared,
        receipt -> new HalfReceipt(receipt, half(producerGroup, message.topic(), receipt)));
  }

  /**
   * Resolves a half message. The first resolution is final; a different one later fails with {@link
   * BrokerException}.
   */
  public CompletableFuture<Void> end(HalfMessage half, Resolution resolution) {
    return end(half, resolution, false, 0);
  }

  /**
   * What became of a half message: to be asked on a new connection when the answer to {@link #end}
   * or to {@link #send} got lost.
   */
  public CompletableFuture<HalfState> outcome(HalfMessage half) {
    return outcome(fields(half.topic(), half.uniqueKey()).put("position", half.position()).build());
  }

  /**
   * What became of the half message with an id; of one that was sent more than once, committed when
   * any of them is.
   *
   * @param topic the topic that it becomes visible in
   * @param transactionId its unique key
   */
  public CompletableFuture<HalfState> outcome(String topic, String transactionId) {
    return outcome(fields(topic, transactionId).build());
  }

  private static Fields.Builder fields(String topic, String transactionId) {
    return Fields.builder().put("topic", topic).put("transactionId", transactionId);
  }

  private CompletableFuture<HalfState> outcome(Fields fields) {
    return connection.request(
        Command.request(RequestCode.HALF_OUTCOME, fields),
        RequestKind.CONTROL,
        timeout,
        AnswerReader.ofSuccess(
            answer -> AnswerFields.constant(HalfState.class, answer.fields(), "state")));
  }

  /**
   * Answers for the half messages of a group from now on. Complete when the broker knows that it
   * may ask here; a second listener for a group replaces the first.
   */
  public CompletableFuture<Void> register(String producerGroup, CheckBackListener listener) {
    return groups.register(producerGroup, listener);
  }

  /** The broker asks others of the group, or waits. */
  public CompletableFuture<Void> unregister(String producerGroup) {
    return groups.unregister(producerGroup);
  }

  /**
   * The ids of the clients that answer for a group at the moment. A broker that knows users tells
   * members only, and administrators.
   */
  public CompletableFuture<Set<String>> members(String producerGroup) {
    return connection.request(
        Command.request(
            RequestCode.GET_PRODUCER_CONNECTION_LIST,
            Fields.builder().put("producerGroup", producerGroup).build()),
        RequestKind.CONTROL,
        timeout,
        AnswerReader.ofSuccess(
            answer ->
                JsonBodies.read(answer.body(), ProducerConnectionsBody.class).connections().stream()
                    .map(ConnectionBody::clientId)
                    .collect(Collectors.toUnmodifiableSet())));
  }

  /**
   * @param checkTimes which check is answered; 0 when that is not known
   */
  CompletableFuture<Void> end(
      HalfMessage half, Resolution resolution, boolean fromCheck, int checkTimes) {
    Fields.Builder fields =
        Fields.builder()
            .put("producerGroup", half.producerGroup())
            .put("tranStateTableOffset", half.halfOffset())
            .put("commitLogOffset", half.position())
            .put("commitOrRollback", resolution.wireValue())
            .put("fromTransactionCheck", fromCheck)
            .put("msgId", half.uniqueKey())
            .put("transactionId", half.uniqueKey())
            .put("topic", half.topic());
    if (resolution == Resolution.ACTIVE) {
      fields.put("active", true).put("checkTimes", checkTimes);
    }
    return connection.request(
        Command.request(RequestCode.END_TRANSACTION, fields.build()),
        RequestKind.CONTROL,
        timeout,
        AnswerReader.DONE);
  }

  private static HalfMessage half(String producerGroup, String topic, SendReceipt receipt) {
    return new HalfMessage(
        producerGroup,
        topic,
        receipt.uniqueKey(),
        receipt.queueOffset(),
        MessageIds.parseOffsetMessageId(receipt.offsetMessageId()).position());
  }
}
