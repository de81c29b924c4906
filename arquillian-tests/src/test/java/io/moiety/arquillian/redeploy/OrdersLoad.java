package io.moiety.arquillian.redeploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.arquillian.orders.Messages;
import io.moiety.arquillian.server.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * Places orders without a pause, by requests and by messages, whether the application is there or
 * not. Thread-safe.
 */
final class OrdersLoad implements AutoCloseable {

  private static final int REQUESTS_AT_ONCE = 4;
  private static final int REQUEST_MILLIS = 10;
  private static final int MESSAGE_MILLIS = 50;

  private final TestServer server;
  private final Messages messages;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final Semaphore free = new Semaphore(REQUESTS_AT_ONCE);
  private final AtomicLong orders = new AtomicLong();
  private volatile String lastRefusal = "none";

  private OrdersLoad(TestServer server, Messages messages) {
    this.server = server;
    this.messages = messages;
  }

  static OrdersLoad start(TestServer server, Messages messages) {
    OrdersLoad load = new OrdersLoad(server, messages);
    load.clock.scheduleAtFixedRate(load::request, 0, REQUEST_MILLIS, TimeUnit.MILLISECONDS);
    load.clock.scheduleWithFixedDelay(load::send, 0, MESSAGE_MILLIS, TimeUnit.MILLISECONDS);
    return load;
  }

  /** That were answered. */
  long orders() {
    return orders.get();
  }

  /** So many more. */
  void awaitOrders(int more) {
    long enough = orders.get() + more;
    Awaitility.await(more + " more orders")
        .atMost(Duration.ofMinutes(4))
        .untilAsserted(
            () ->
                assertThat(orders)
                    .as("orders; what was refused last: %s", lastRefusal)
                    .hasValueGreaterThanOrEqualTo(enough));
  }

  private void request() {
    if (!free.tryAcquire()) {
      return;
    }
    URI page = server.root().resolve("orders/?place=" + UUID.randomUUID());
    http.sendAsync(
            HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(30)).build(),
            HttpResponse.BodyHandlers.ofString())
        .whenComplete(
            (answer, refused) -> {
              free.release();
              if (refused != null) {
                lastRefusal = refused.toString();
              } else if (answer.statusCode() == 200) {
                orders.incrementAndGet();
              } else {
                lastRefusal = answer.statusCode() + " " + answer.body();
              }
            });
  }

  /** One more message; returns the order that it places. */
  String send() {
    String order = UUID.randomUUID().toString();
    messages.send("in", order);
    return order;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
