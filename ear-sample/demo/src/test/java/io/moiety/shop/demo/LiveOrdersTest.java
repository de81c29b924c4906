package io.moiety.shop.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveOrdersTest {
  private static final String STREAM =
      """
      : still here

      event: order
      data: {"id":"a","revision":0,"state":"NEW","deliveries":0,"packed":false,"paymentDueAtMillis":7}

      event: order
      data: {"id":"b","revision":0,"state":"NEW","deliveries":0,"packed":false,"paymentDueAtMillis":8}

      event: order
      data: {"id":"a","revision":1,"state":"CONFIRMED","deliveries":1,"packed":false,"paymentDueAtMillis":7}

      """;

  private HttpServer server;
  private ShopClient shop;

  @BeforeEach
  void serveAStream() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/shop/api/orders/events",
        exchange -> {
          byte[] body = STREAM.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    shop =
        new ShopClient(URI.create("http://localhost:" + server.getAddress().getPort() + "/shop/"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void keepsTheChangesOfEachOrderInTheirOrder() throws InterruptedException {
    try (LiveOrders live = shop.follow()) {
      ShopOrder confirmed =
          live.await(
              "a", "confirmed", order -> order.state().equals("CONFIRMED"), Duration.ofSeconds(20));

      assertThat(confirmed).isEqualTo(new ShopOrder("a", 1, "CONFIRMED", 1, false, 7));
      assertThat(live.of("a")).extracting(ShopOrder::state).containsExactly("NEW", "CONFIRMED");
      assertThat(live.of("b")).hasSize(1);
      assertThat(live.of("c")).isEmpty();
    }
  }

  @Test
  void tellsWhatWasSeenWhenAChangeDoesNotCome() throws InterruptedException {
    try (LiveOrders live = shop.follow()) {
      assertThatThrownBy(() -> live.await("b", "packed", ShopOrder::packed, Duration.ofMillis(500)))
          .isInstanceOf(StepFailedException.class)
          .hasMessageContaining("not packed")
          .hasMessageContaining("id=b");
    }
  }
}
