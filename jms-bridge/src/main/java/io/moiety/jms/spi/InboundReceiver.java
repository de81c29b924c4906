package io.moiety.jms.spi;

import jakarta.jms.JMSException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAResource;

/**
 * Receives for one endpoint at a time; concurrent endpoints have a receiver each, over one
 * connection or several.
 *
 * <p>The order of a transacted delivery: {@link #next}; on a work thread {@code beforeDelivery}, by
 * which the container starts a branch of {@link #xaResource}; {@link InboundMessage#handOver}; the
 * listener; {@code afterDelivery}, at whose end of the branch what was handed over is acknowledged
 * in it. A rollback brings the message again with its count raised. Without a transaction: {@code
 * handOver}, the listener, then {@link InboundMessage#acknowledge} or {@link
 * InboundMessage#giveBack}.
 *
 * <p>Thread-safe, but for one message at a time.
 */
public interface InboundReceiver extends AutoCloseable {

  /**
   * Asks for the next message, to be leased to this receiver. Nothing waits on a thread meanwhile.
   * Completes on a thread of the network, which must not be blocked: with nothing when there was
   * none in the time or the receiver was closed, and exceptionally with a {@link JMSException} when
   * the connection was lost or the broker refused.
   *
   * @param waitMillis how long the broker may hold the request; 0 asks for a definite answer now
   * @throws IllegalStateException while an earlier one is not complete
   */
  CompletableFuture<Optional<InboundMessage>> next(long waitMillis);

  /** What the broker calls those who share these messages. */
  String consumerGroup();

  /** To be enlisted for its messages. */
  XAResource xaResource();

  /**
   * Returns to its place whatever is neither acknowledged nor part of a branch: counted when it was
   * handed over or could not be read, else as if it had never been taken. Not to be called while a
   * {@link #next} is outstanding.
   */
  void giveBackAll() throws JMSException;

  /**
   * Returns what was fetched ahead and {@link #next} has not brought yet to its place, as if it had
   * never been taken. Waits for nothing.
   */
  CompletableFuture<Void> giveBackAhead();

  /** Gives back what is not acknowledged and ends a waiting {@link #next}. Twice does no harm. */
  @Override
  void close() throws JMSException;
}
