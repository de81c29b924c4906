package io.moiety.client;

import io.moiety.protocol.Command;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A request that was admitted and waits for its answer, its failure or the end of its time. Whoever
 * takes it out of the {@link RequestTable} completes it, so that happens once.
 *
 * <p>Confined to the event loop after construction; the future is for everybody.
 */
final class PendingRequest<T> {

  private final int code;
  private final RequestKind kind;
  private final int bodyBytes;
  private final Duration timeout;
  private final long deadlineNanos;
  private final AnswerReader<T> reader;
  private final CompletableFuture<T> future = new CompletableFuture<>();

  PendingRequest(
      int code,
      RequestKind kind,
      int bodyBytes,
      Duration timeout,
      long nowNanos,
      AnswerReader<T> reader) {
    this.code = code;
    this.kind = kind;
    this.bodyBytes = bodyBytes;
    this.timeout = timeout;
    this.deadlineNanos = nowNanos + timeout.toNanos();
    this.reader = reader;
  }

  int code() {
    return code;
  }

  RequestKind kind() {
    return kind;
  }

  int bodyBytes() {
    return bodyBytes;
  }

  Duration timeout() {
    return timeout;
  }

  boolean expiredAt(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  CompletableFuture<T> future() {
    return future;
  }

  /**
   * Completes the future with what the answer means.
   *
   * @throws RuntimeException when the answer is malformed; the future is then still open
   */
  void answer(Command answer) {
    T result;
    try {
      result = reader.read(answer);
    } catch (ClientException refusal) {
      future.completeExceptionally(refusal);
      return;
    }
    future.complete(result);
  }

  void fail(ClientException cause) {
    future.completeExceptionally(cause);
  }
}
