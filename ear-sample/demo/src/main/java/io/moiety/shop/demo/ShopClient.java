package io.moiety.shop.demo;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The shop over HTTP, as its page uses it. Any thread. */
final class ShopClient {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI page;

  ShopClient(URI page) {
    this.page = page;
  }

  /** An answer with a JSON object as body. */
  record Answer(int status, JsonObject body) {
    ShopOrder order() {
      return ShopOrder.of(body);
    }
  }

  /** Whether the page and the list of orders are there. */
  boolean answers() throws InterruptedException {
    try {
      return send(HttpRequest.newBuilder(page)).statusCode() == 200
          && send(HttpRequest.newBuilder(orders(""))).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  Answer place(String item, int quantity, boolean poison, boolean failAfterSends)
      throws InterruptedException {
    JsonObject body =
        Json.createObjectBuilder()
            .add("item", item)
            .add("quantity", quantity)
            .add("poison", poison)
            .add("failAfterSends", failAfterSends)
            .build();
    return json(
        HttpRequest.newBuilder(orders(""))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  Answer pay(String order) throws InterruptedException {
    return json(
        HttpRequest.newBuilder(orders("/" + order + "/payment")).POST(BodyPublishers.noBody()));
  }

  Answer find(String order) throws InterruptedException {
    return json(HttpRequest.newBuilder(orders("/" + order)));
  }

  /** The list, with the server's clock and the number of messages without a row. */
  Answer list() throws InterruptedException {
    return json(HttpRequest.newBuilder(orders("")));
  }

  /** Follows the changes of all orders, from before this method returns. */
  LiveOrders follow() throws InterruptedException {
    return LiveOrders.open(http, orders("/events"));
  }

  private Answer json(HttpRequest.Builder request) throws InterruptedException {
    HttpResponse<String> response;
    try {
      response = send(request.header("Accept", "application/json"));
    } catch (IOException e) {
      throw new DemoException("The shop does not answer at " + page + ": " + e, e);
    }
    try (JsonReader reader = Json.createReader(new StringReader(response.body()))) {
      return new Answer(response.statusCode(), reader.readObject());
    } catch (JsonException e) {
      throw new DemoException(
          response.request().method()
              + " "
              + response.uri()
              + " was answered with "
              + response.statusCode()
              + " and no JSON: "
              + response.body(),
          e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.timeout(REQUEST_TIMEOUT).build(), BodyHandlers.ofString());
  }

  private URI orders(String path) {
    return page.resolve("api/orders" + path);
  }
}
