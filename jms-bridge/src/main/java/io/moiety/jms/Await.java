package io.moiety.jms;

import jakarta.jms.JMSException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Where the blocking interfaces of Jakarta Messaging and XA meet the network's futures. Never
 * called on a thread of the network.
 *
 * <p>Waits to the end even when interrupted, and keeps the interrupt for the caller: what was asked
 * of the broker may happen, so its outcome must be known. The network's futures fail by themselves
 * after the request timeout, so the wait for them is bounded; for an application's listener it is
 * as long as that takes.
 */
final class Await {

  private Await() {}

  /**
   * @param doing what is tried, to follow "Could not"
   */
  static <T> T answer(CompletableFuture<T> answer, String doing) throws JMSException {
    try {
      return outcome(answer);
    } catch (ExecutionException failure) {
      throw JmsExceptions.of(doing, failure);
    }
  }

  /** The same for callers that judge a failure themselves. */
  static <T> T outcome(CompletableFuture<T> answer) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get();
        } catch (InterruptedException interruption) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
