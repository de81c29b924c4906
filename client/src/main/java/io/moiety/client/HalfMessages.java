package io.moiety.client;

import static java.lang.System.Logger.Level.WARNING;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.ProtocolException;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.body.HeartbeatBody;
import io.moiety.protocol.body.JsonBodies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Half messages of producers: sent invisible, then resolved; and the broker's questions about those
 * whose resolution it misses. Thread-safe.
 */
public final class HalfMessages {

  private static final System.Logger LOGGER = System.getLogger(HalfMessages.class.getName());

  private final Connection connection;
  private final Sender sender;
  private final String clientId;
  private final Duration timeout;
  private final Map<String, CheckBackListener> listeners = new ConcurrentHashMap<>();

  HalfMessages(Connection connection, Sender sender, String clientId, Duration timeout) {
    this.connection = connection;
    this.sender = sender;
    this.clientId = clientId;
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
    return end(half, resolution, false);
  }

  /**
   * Answers for the half messages of a group from now on. Complete when the broker knows that it
   * may ask here; a second listener for a group replaces the first.
   */
  public CompletableFuture<Void> register(String producerGroup, CheckBackListener listener) {
    listeners.put(producerGroup, listener);
    return heartbeat();
  }

  /** The broker asks others of the group, or waits. */
  public CompletableFuture<Void> unregister(String producerGroup) {
    listeners.remove(producerGroup);
    Fields fields =
        Fields.builder().put("clientID", clientId).put("producerGroup", producerGroup).build();
    return request(Command.request(RequestCode.UNREGISTER_CLIENT, fields));
  }

  CompletableFuture<Void> end(HalfMessage half, Resolution resolution, boolean fromCheck) {
    Fields fields =
        Fields.builder()
            .put("producerGroup", half.producerGroup())
            .put("tranStateTableOffset", half.halfOffset())
            .put("commitLogOffset", half.position())
            .put("commitOrRollback", resolution.wireValue())
            .put("fromTransactionCheck", fromCheck)
            .put("msgId", half.uniqueKey())
            .put("transactionId", half.uniqueKey())
            .put("topic", half.topic())
            .build();
    return request(Command.request(RequestCode.END_TRANSACTION, fields));
  }

  /** Keeps the groups registered; the broker forgets those that it does not hear of. */
  void renew() {
    if (!listeners.isEmpty()) {
      heartbeat()
          .whenComplete(
              (done, failure) -> {
                if (failure != null && connection.isOpen()) {
                  LOGGER.log(
                      WARNING,
                      "The broker at {0} may not ask this client for the outcome of half messages"
                          + " of {1}; it is told again soon: {2}",
                      connection.address(),
                      listeners.keySet(),
                      failure.getMessage());
                }
              });
    }
  }

  /** The broker's question; on the event loop. */
  void check(Command request) {
    Fields fields = request.fields();
    try {
      RecordView record = RecordView.of(request.body());
      String group = record.property(PropertyNames.PRODUCER_GROUP).orElse("");
      CheckBackListener listener = listeners.get(group);
      if (listener == null) {
        LOGGER.log(
            WARNING, "Asked for a half message of group {0}, which is not registered", group);
        return;
      }
      HalfMessage half =
          new HalfMessage(
              group,
              record.topic(),
              fields.requiredText("transactionId"),
              fields.requiredLong("tranStateTableOffset"),
              fields.requiredLong("commitLogOffset"));
      int times =
          record.property(PropertyNames.TRANSACTION_CHECK_TIMES).map(Integer::parseInt).orElse(0);
      listener.check(new CheckBack(this, half, record, times));
    } catch (ProtocolException | NumberFormatException malformed) {
      LOGGER.log(
          WARNING, "The broker asked for a half message in a form that cannot be read", malformed);
    }
  }

  private static HalfMessage half(String producerGroup, String topic, SendReceipt receipt) {
    return new HalfMessage(
        producerGroup,
        topic,
        receipt.uniqueKey(),
        receipt.queueOffset(),
        MessageIds.parseOffsetMessageId(receipt.offsetMessageId()).position());
  }

  private CompletableFuture<Void> heartbeat() {
    HeartbeatBody heartbeat =
        new HeartbeatBody(
            clientId,
            0,
            false,
            listeners.keySet().stream().map(HeartbeatBody.Producer::new).toList(),
            List.of());
    return request(
        Command.request(RequestCode.HEART_BEAT, Fields.empty(), JsonBodies.write(heartbeat)));
  }

  private CompletableFuture<Void> request(Command command) {
    return connection.request(command, RequestKind.CONTROL, timeout, AnswerReader.DONE);
  }
}
