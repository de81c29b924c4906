package io.moiety.client;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.ProtocolException;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.body.HeartbeatBody;
import io.moiety.protocol.body.JsonBodies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The producer groups that this client answers for: tells the broker of them, and brings its
 * questions to their listeners. Thread-safe.
 */
final class CheckBackGroups {

  private static final System.Logger LOGGER = System.getLogger(CheckBackGroups.class.getName());

  private final Connection connection;
  private final String clientId;
  private final Duration timeout;
  private final Map<String, CheckBackListener> listeners = new ConcurrentHashMap<>();

  CheckBackGroups(Connection connection, String clientId, Duration timeout) {
    this.connection = connection;
    this.clientId = clientId;
    this.timeout = timeout;
  }

  CompletableFuture<Void> register(String producerGroup, CheckBackListener listener) {
    listeners.put(producerGroup, listener);
    return heartbeat();
  }

  CompletableFuture<Void> unregister(String producerGroup) {
    listeners.remove(producerGroup);
    Fields fields =
        Fields.builder().put("clientID", clientId).put("producerGroup", producerGroup).build();
    return request(Command.request(RequestCode.UNREGISTER_CLIENT, fields));
  }

  /** Keeps the groups registered; the broker forgets those that it does not hear of. */
  void renew() {
    if (listeners.isEmpty()) {
      return;
    }
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

  /** Brings a question of the broker to its listener; on the event loop. */
  void check(Command request, HalfMessages halfMessages) {
    CheckBack check;
    try {
      check = read(request, halfMessages);
    } catch (ProtocolException | NumberFormatException malformed) {
      LOGGER.log(
          WARNING, "The broker asked for a half message in a form that cannot be read", malformed);
      return;
    }
    String group = check.half().producerGroup();
    CheckBackListener listener = listeners.get(group);
    if (listener == null) {
      LOGGER.log(
          WARNING,
          "The broker asked for a half message of group {0}, which is not registered here",
          group);
      return;
    }
    try {
      listener.check(check);
    } catch (RuntimeException failure) {
      // The listener is not ours, and the connection not its own. The broker asks again.
      LOGGER.log(ERROR, "The listener of producer group " + group + " failed", failure);
    }
  }

  private static CheckBack read(Command request, HalfMessages halfMessages) {
    Fields fields = request.fields();
    RecordView record = RecordView.of(request.body());
    HalfMessage half =
        new HalfMessage(
            record.property(PropertyNames.PRODUCER_GROUP).orElse(""),
            record.topic(),
            fields.requiredText("transactionId"),
            fields.requiredLong("tranStateTableOffset"),
            fields.requiredLong("commitLogOffset"));
    int times =
        record.property(PropertyNames.TRANSACTION_CHECK_TIMES).map(Integer::parseInt).orElse(0);
    return new CheckBack(halfMessages, half, record, times);
  }

  private CompletableFuture<Void> heartbeat() {
    HeartbeatBody body =
        new HeartbeatBody(
            clientId,
            0,
            false,
            listeners.keySet().stream().map(HeartbeatBody.Producer::new).toList(),
            List.of());
    return request(Command.request(RequestCode.HEART_BEAT, Fields.empty(), JsonBodies.write(body)));
  }

  private CompletableFuture<Void> request(Command command) {
    return connection.request(command, RequestKind.CONTROL, timeout, AnswerReader.DONE);
  }
}
