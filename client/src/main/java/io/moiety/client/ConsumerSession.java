package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A session at the broker: what its consumers receive is its own until acknowledged. It lives as
 * long as its connection.
 *
 * <p>Thread-safe; requests of one thread reach the broker in the order of the calls.
 */
public final class ConsumerSession {

  private final Connection connection;
  private final long id;
  private final Duration timeout;
  private final AtomicInteger lastConsumer;

  ConsumerSession(Connection connection, long id, Duration timeout, int lastConsumer) {
    this.connection = connection;
    this.id = id;
    this.timeout = timeout;
    this.lastConsumer = new AtomicInteger(lastConsumer);
  }

  static CompletableFuture<ConsumerSession> open(
      Connection connection, Duration timeout, int lastConsumer) {
    return connection.request(
        Command.request(RequestCode.SESSION_OPEN, Fields.empty()),
        RequestKind.CONTROL,
        timeout,
        AnswerReader.ofSuccess(
            answer ->
                new ConsumerSession(
                    connection, answer.fields().requiredLong("session"), timeout, lastConsumer)));
  }

  /** The broker's name for it. */
  public long id() {
    return id;
  }

  /** Makes a consumer; the broker learns of it with its first receive. */
  public SessionConsumer openConsumer(ConsumerSpec spec) {
    return new SessionConsumer(this, lastConsumer.incrementAndGet(), spec);
  }

  /**
   * Acknowledges deliveries, all or none. Complete when it is as durable as the broker's flush mode
   * promises; in a branch, when it is noted provisionally.
   *
   * @param spans at least one
   * @param branch the transaction branch that decides about it; each call counts as one acknowledge
   *     request of it
   */
  public CompletableFuture<Void> acknowledge(List<AckSpan> spans, Optional<Branch> branch) {
    Fields.Builder fields = fields();
    branch.ifPresent(
        in -> fields.put("xid", in.xid().toText()).put("incarnation", in.incarnation()));
    return acknowledge(spans, fields);
  }

  /**
   * Acknowledges deliveries, all or none, and does not wait for the broker's disk. Complete when
   * the broker's log has it: the end of the broker's process does not undo that; that of its
   * machine may, up to the force that follows.
   *
   * @param spans at least one
   */
  public CompletableFuture<Void> acknowledgeAppended(List<AckSpan> spans) {
    return acknowledge(spans, fields().put("appended", true));
  }

  private CompletableFuture<Void> acknowledge(List<AckSpan> spans, Fields.Builder fields) {
    if (spans.isEmpty()) {
      throw new IllegalArgumentException("There is nothing to acknowledge in session " + id);
    }
    String text = spans.stream().map(AckSpan::toText).collect(Collectors.joining(";"));
    return request(
        Command.request(
            RequestCode.ACKNOWLEDGE, fields.build(), StandardCharsets.UTF_8.encode(text)));
  }

  /**
   * Gives back what is neither acknowledged nor part of a branch, in order and before everything
   * else: it is received again next.
   */
  public CompletableFuture<Void> recover() {
    return request(Command.request(RequestCode.SESSION_RECOVER, fields().build()));
  }

  /** Closes the session; what is not acknowledged goes back to its place. */
  public CompletableFuture<Void> close() {
    return request(Command.request(RequestCode.SESSION_CLOSE, fields().build()));
  }

  Connection connection() {
    return connection;
  }

  Duration timeout() {
    return timeout;
  }

  /** A header that names this session. */
  Fields.Builder fields() {
    return Fields.builder().put("session", id);
  }

  CompletableFuture<Void> request(Command command) {
    return connection.request(command, RequestKind.CONTROL, timeout, AnswerReader.DONE);
  }
}
