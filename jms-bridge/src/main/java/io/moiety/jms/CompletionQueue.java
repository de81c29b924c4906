package io.moiety.jms;

import io.moiety.client.SendReceipt;
import jakarta.jms.CompletionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session's asynchronous sends and their listeners: called one at a time, in the order of the
 * sends, on a thread of their own that ends when idle. Thread-safe.
 */
final class CompletionQueue {

  private static final System.Logger LOGGER = System.getLogger(CompletionQueue.class.getName());
  private static final int MAX_OUTSTANDING = 1_000;
  private static final long IDLE_SECONDS = 5;

  private final ThreadPoolExecutor thread;
  private final Semaphore room = new Semaphore(MAX_OUTSTANDING);
  private volatile @Nullable Thread calling;

  CompletionQueue(String name) {
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /** Waits while too many sends are outstanding. */
  void add(Message message, CompletableFuture<SendReceipt> answer, CompletionListener listener) {
    room.acquireUninterruptibly();
    thread.execute(() -> complete(message, answer, listener));
  }

  private void complete(
      Message message, CompletableFuture<SendReceipt> answer, CompletionListener listener) {
    calling = Thread.currentThread();
    try {
      Await.outcome(answer);
      listener.onCompletion(message);
    } catch (ExecutionException failure) {
      call(message, JmsExceptions.of("send the message", failure), listener);
    } catch (RuntimeException thrown) {
      // A listener's own failure; the next ones are to be called all the same.
      LOGGER.log(System.Logger.Level.WARNING, "A completion listener threw", thrown);
    } finally {
      calling = null;
      room.release();
    }
  }

  private static void call(Message message, JMSException failure, CompletionListener listener) {
    try {
      listener.onException(message, failure);
    } catch (RuntimeException thrown) {
      LOGGER.log(System.Logger.Level.WARNING, "A completion listener threw", thrown);
    }
  }

  void requireNotInListener(String call) throws JMSException {
    if (calling == Thread.currentThread()) {
      throw new IllegalStateException(
          call
              + " from a completion listener of its own would wait for itself; call it from another thread");
    }
  }

  /** Returns when all sends up to now are answered and their listeners have returned. */
  void awaitAll() throws JMSException {
    if (room.availablePermits() < MAX_OUTSTANDING) {
      CompletableFuture<Void> reached = new CompletableFuture<>();
      thread.execute(() -> reached.complete(null));
      Await.answer(reached, "complete the asynchronous sends");
    }
  }

  void close() {
    thread.shutdown();
  }
}
