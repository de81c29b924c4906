package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What a sender may want of its delayed messages. Thread-safe. */
public final class DelayedMessages {

  private final Connection connection;
  private final Duration timeout;

  DelayedMessages(Connection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * Cancels a message before its time: every copy, should its send have been repeated. Complete
   * with the truth, as durable as the broker's flush mode.
   *
   * @param topic to which it was sent
   * @param uniqueKey its id, as {@link SendReceipt#uniqueKey} tells it
   */
  public CompletableFuture<DelayOutcome> cancel(String topic, String uniqueKey) {
    Fields fields = Fields.builder().put("topic", topic).put("uniqueKey", uniqueKey).build();
    return connection.request(
        Command.request(RequestCode.DELAYED_CANCEL, fields),
        RequestKind.CONTROL,
        timeout,
        AnswerReader.ofSuccess(
            answer -> AnswerFields.constant(DelayOutcome.class, answer.fields(), "outcome")));
  }
}
