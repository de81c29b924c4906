package io.moiety.jms;

import io.moiety.client.SendReceipt;
import jakarta.jms.CompletionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.ResourceAllocationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** Of sends by completion listeners, which cannot wait for themselves. */
  private final Semaphore roomOfListeners = new Semaphore(MAX_OUTSTANDING);

  private final AtomicInteger uncompleted = new AtomicInteger();
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

  /**
   * Room for one more send, which is to be {@linkplain #add added} or to be given back by {@link
   * Semaphore#release}. Waits while too many sends are outstanding.
   *
   * @throws ResourceAllocationException in place of waiting, where a completion listener would wait
   *     for itself
   */
  Semaphore reserve() throws JMSException {
    if (calling != Thread.currentThread()) {
      room.acquireUninterruptibly();
      return room;
    }
    if (!roomOfListeners.tryAcquire()) {
      throw new ResourceAllocationException(
          "Completion listeners of this session have "
              + MAX_OUTSTANDING
              + " sends outstanding, which is the limit; send from another thread");
    }
    return roomOfListeners;
  }

  /**
   * @param reserved what {@link #reserve} gave
   */
  void add(
      Message message,
      CompletableFuture<SendReceipt> answer,
      CompletionListener listener,
      Semaphore reserved) {
    uncompleted.incrementAndGet();
    thread.execute(() -> complete(message, answer, listener, reserved));
  }

  private void complete(
      Message message,
      CompletableFuture<SendReceipt> answer,
      CompletionListener listener,
      Semaphore reserved) {
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
      uncompleted.decrementAndGet();
      reserved.release();
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

  /** Returns when all sends are answered, and all listeners have returned, theirs included. */
  void awaitAll() throws JMSException {
    while (uncompleted.get() > 0) {
      CompletableFuture<Void> reached = new CompletableFuture<>();
      thread.execute(() -> reached.complete(null));
      Await.answer(reached, "complete the asynchronous sends");
    }
  }

  void close() {
    thread.shutdown();
  }
}
