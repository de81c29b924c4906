package io.moiety.shop.web;

import jakarta.json.JsonObject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One open page. Sending never blocks; a page that takes its events too slowly is cut off, connects
 * again by itself and then reads the whole list.
 *
 * <p>Any thread.
 */
final class Watcher {
  private static final int MAX_UNSENT = 200;

  private final SseEventSink sink;
  private final Sse sse;
  private final AtomicInteger unsent = new AtomicInteger();
  private volatile boolean gone;

  Watcher(SseEventSink sink, Sse sse) {
    this.sink = sink;
    this.sse = sse;
  }

  void order(JsonObject order) {
    send(
        sse.newEventBuilder()
            .name("order")
            .mediaType(MediaType.TEXT_PLAIN_TYPE)
            .data(String.class, order.toString())
            .build());
  }

  /** Says nothing; only finds out whether the page is still there. */
  void probe() {
    send(sse.newEventBuilder().comment("still here").build());
  }

  boolean gone() {
    return gone || sink.isClosed();
  }

  void close() {
    sink.close();
  }

  private void send(OutboundSseEvent event) {
    if (gone()) {
      return;
    }
    if (unsent.incrementAndGet() > MAX_UNSENT) {
      sink.close();
      return;
    }
    sink.send(event)
        .whenComplete(
            (result, failure) -> {
              unsent.decrementAndGet();
              if (failure != null) {
                gone = true;
              }
            });
  }
}
