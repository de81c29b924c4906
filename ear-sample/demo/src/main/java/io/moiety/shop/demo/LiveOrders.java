package io.moiety.shop.demo;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shop's event stream: everything that an open page would see, in the order in which it came.
 *
 * <p>A reader thread of its own adds events; the object's monitor protects them and wakes who
 * waits.
 */
final class LiveOrders implements AutoCloseable {
  private static final String DATA = "data:";

  private final Stream<String> lines;
  private final List<ShopOrder> seen = new ArrayList<>();
  private String ended = "";

  private LiveOrders(Stream<String> lines) {
    this.lines = lines;
  }

  static LiveOrders open(HttpClient http, URI events) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(events).header("Accept", "text/event-stream").build();
    try {
      HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
      if (response.statusCode() != 200) {
        throw new DemoException(events + " was answered with " + response.statusCode());
      }
      LiveOrders live = new LiveOrders(response.body());
      Thread reader = new Thread(live::read, "live-orders");
      reader.setDaemon(true);
      reader.start();
      return live;
    } catch (IOException e) {
      throw new DemoException("Cannot follow " + events + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits for a change of the order, or takes one that was seen already.
   *
   * @throws StepFailedException when the time is over; it tells what was seen of the order
   */
  synchronized ShopOrder await(
      String order, String what, Predicate<ShopOrder> change, Duration timeout)
      throws InterruptedException {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    while (true) {
      for (ShopOrder event : of(order)) {
        if (change.test(event)) {
          return event;
        }
      }
      long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new StepFailedException(
            "not "
                + what
                + " within "
                + timeout.toSeconds()
                + " s"
                + ended
                + "; seen: "
                + of(order));
      }
      wait(leftMillis);
    }
  }

  /** All changes of the order so far. */
  synchronized List<ShopOrder> of(String order) {
    return seen.stream().filter(event -> event.id().equals(order)).toList();
  }

  @Override
  public void close() {
    lines.close();
  }

  private void read() {
    try {
      lines
          .filter(line -> line.startsWith(DATA))
          .map(line -> line.substring(DATA.length()).strip())
          .map(LiveOrders::parse)
          .forEach(this::add);
      end("the server ended it");
    } catch (UncheckedIOException e) {
      end(e.getMessage());
    }
  }

  private synchronized void end(@Nullable String reason) {
    ended = " (the event stream is over: " + reason + ")";
  }

  private synchronized void add(ShopOrder order) {
    seen.add(order);
    notifyAll();
  }

  private static ShopOrder parse(String json) {
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      return ShopOrder.of(reader.readObject());
    }
  }
}
