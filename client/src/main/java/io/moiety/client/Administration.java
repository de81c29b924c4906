package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.body.DelayedListBody;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.TransactionBody;
import io.moiety.protocol.body.TransactionListBody;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What an administrator asks and decides of transactions and of delayed messages. Where the broker
 * knows its users, only one of its administrators may. Thread-safe.
 */
public final class Administration {

  private final Connection connection;
  private final Duration timeout;

  Administration(Connection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * A page of the transactions that wait for a decision: half messages, then branches.
   *
   * @param from what the page before said in {@link TransactionListBody#next}; absent for the first
   */
  public CompletableFuture<TransactionListBody> transactions(
      TransactionQuery query, Optional<String> from) {
    Fields.Builder fields = Fields.builder().put("minAgeMillis", query.minAge().toMillis());
    if (!query.states().isEmpty()) {
      fields.put("states", String.join(",", query.states()));
    }
    query.topic().ifPresent(topic -> fields.put("topic", topic));
    query.group().ifPresent(group -> fields.put("group", group));
    from.ifPresent(cursor -> fields.put("from", cursor));
    return ask(
        RequestCode.TRANSACTION_LIST,
        fields.build(),
        AnswerReader.ofSuccess(
            answer -> JsonBodies.read(answer.body(), TransactionListBody.class)));
  }

  /**
   * All that is known of one transaction; fails with code 22 when it is unknown.
   *
   * @param id position of a half message, or an Xid's text
   */
  public CompletableFuture<TransactionBody> transaction(String id) {
    return ask(
        RequestCode.TRANSACTION_SHOW,
        Fields.builder().put("id", id).build(),
        AnswerReader.ofSuccess(answer -> JsonBodies.read(answer.body(), TransactionBody.class)));
  }

  /**
   * Decides a transaction; complete with its new state when that is durable. A prepared branch is
   * decided heuristically, which its transaction manager hears.
   *
   * @param by what the person who decides wants to be called, besides user and address
   */
  public CompletableFuture<String> decide(String id, Verdict verdict, Optional<String> by) {
    Fields.Builder fields = Fields.builder().put("id", id).put("verdict", verdict.name());
    by.ifPresent(name -> fields.put("by", name));
    return ask(
        RequestCode.TRANSACTION_DECIDE,
        fields.build(),
        AnswerReader.ofSuccess(answer -> answer.fields().requiredText("state")));
  }

  /**
   * A page of the messages that wait for their time: level by level, then by time.
   *
   * @param topic only what goes there
   * @param from what the page before said in {@link DelayedListBody#next}; absent for the first
   */
  public CompletableFuture<DelayedListBody> delayed(Optional<String> topic, Optional<String> from) {
    Fields.Builder fields = Fields.builder();
    topic.ifPresent(name -> fields.put("topic", name));
    from.ifPresent(place -> fields.put("from", place));
    return ask(
        RequestCode.DELAYED_LIST,
        fields.build(),
        AnswerReader.ofSuccess(answer -> JsonBodies.read(answer.body(), DelayedListBody.class)));
  }

  /**
   * Sees that a message is never delivered.
   *
   * @param id as {@link #delayed} tells it
   * @param by as for {@link #decide}
   */
  public CompletableFuture<DelayOutcome> cancelDelayed(String id, Optional<String> by) {
    return decideDelayed(RequestCode.DELAYED_CANCEL, id, by);
  }

  /** Delivers a message now; as {@link #cancelDelayed}. */
  public CompletableFuture<DelayOutcome> deliverDelayed(String id, Optional<String> by) {
    return decideDelayed(RequestCode.DELAYED_DELIVER, id, by);
  }

  private CompletableFuture<DelayOutcome> decideDelayed(int code, String id, Optional<String> by) {
    Fields.Builder fields = Fields.builder().put("position", id);
    by.ifPresent(name -> fields.put("by", name));
    return ask(
        code,
        fields.build(),
        AnswerReader.ofSuccess(
            answer -> AnswerFields.constant(DelayOutcome.class, answer.fields(), "outcome")));
  }

  private <T> CompletableFuture<T> ask(int code, Fields fields, AnswerReader<T> reader) {
    return connection.request(Command.request(code, fields), RequestKind.CONTROL, timeout, reader);
  }
}
