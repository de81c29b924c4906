package io.moiety.ra.inbound;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAResource;

/** Gives the messages that a test puts in, and keeps a request open while there are none. */
final class FakeReceiver implements InboundReceiver {

  private final Deque<InboundMessage> messages = new ArrayDeque<>();
  private final Deque<InboundMessage> ahead = new ArrayDeque<>();
  private CompletableFuture<Optional<InboundMessage>> waiting;
  private boolean closed;
  private int givenBack;
  private int givenBackAhead;

  void put(InboundMessage message) {
    CompletableFuture<Optional<InboundMessage>> request;
    synchronized (this) {
      request = waiting;
      waiting = null;
      if (request == null) {
        messages.add(message);
        return;
      }
    }
    request.complete(Optional.of(message));
  }

  /** As a request with prefetch brings it behind another. */
  synchronized void putAhead(InboundMessage message) {
    ahead.add(message);
  }

  synchronized boolean isAsked() {
    return waiting != null;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  void fail(Throwable cause) {
    CompletableFuture<Optional<InboundMessage>> request;
    synchronized (this) {
      request = waiting;
      waiting = null;
    }
    request.completeExceptionally(cause);
  }

  @Override
  public synchronized CompletableFuture<Optional<InboundMessage>> next(long waitMillis) {
    if (waiting != null) {
      throw new IllegalStateException("an earlier request is not complete");
    }
    if (!ahead.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.of(ahead.poll()));
    }
    if (!messages.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.of(messages.poll()));
    }
    waiting = new CompletableFuture<>();
    return waiting;
  }

  @Override
  public String consumerGroup() {
    return "group";
  }

  @Override
  public XAResource xaResource() {
    return (XAResource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {XAResource.class}, (p, m, a) -> null);
  }

  @Override
  public synchronized void giveBackAll() {
    givenBack++;
  }

  @Override
  public synchronized CompletableFuture<Void> giveBackAhead() {
    givenBackAhead += ahead.size();
    ahead.clear();
    return CompletableFuture.completedFuture(null);
  }

  synchronized int givenBackAhead() {
    return givenBackAhead;
  }

  synchronized int givenBack() {
    return givenBack;
  }

  @Override
  public void close() {
    CompletableFuture<Optional<InboundMessage>> request;
    synchronized (this) {
      closed = true;
      request = waiting;
      waiting = null;
    }
    if (request != null) {
      request.complete(Optional.empty());
    }
  }
}
