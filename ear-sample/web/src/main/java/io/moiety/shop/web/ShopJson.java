package io.moiety.shop.web;

import io.moiety.shop.Item;
import io.moiety.shop.OrderRequest;
import io.moiety.shop.OrderView;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonCollectors;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The JSON that the page and the REST interface exchange. Written by hand: it is the contract. */
final class ShopJson {

  /**
   * Reads what a customer asks for.
   *
   * @throws IllegalArgumentException when the text is no JSON object, or a member is missing or not
   *     allowed; it says which, and what is allowed
   */
  static OrderRequest request(String json) {
    JsonObject body = parse(json);
    return new OrderRequest(
        item(body), quantity(body), flag(body, "poison"), flag(body, "failAfterSends"));
  }

  static JsonObject order(OrderView order) {
    return Json.createObjectBuilder()
        .add("id", order.id().toString())
        .add("revision", order.revision())
        .add("item", order.item().name())
        .add("title", order.item().title())
        .add("quantity", order.quantity())
        .add("totalCents", order.totalCents())
        .add("poison", order.poison())
        .add("state", order.state().name())
        .add("deliveries", order.deliveries())
        .add("packed", order.packed())
        .add("placedAtMillis", order.placedAtMillis())
        .add("paymentDueAtMillis", order.paymentDueAtMillis())
        .build();
  }

  /** The server's clock comes along, since the page shows how much time is left to pay. */
  static JsonObject orders(List<OrderView> orders, int orphans, long nowMillis) {
    return Json.createObjectBuilder()
        .add("nowMillis", nowMillis)
        .add("orphans", orphans)
        .add("orders", orders.stream().map(ShopJson::order).collect(JsonCollectors.toJsonArray()))
        .build();
  }

  static JsonArray items() {
    return Arrays.stream(Item.values())
        .<JsonValue>map(
            item ->
                Json.createObjectBuilder()
                    .add("item", item.name())
                    .add("title", item.title())
                    .add("priceCents", item.priceCents())
                    .build())
        .collect(JsonCollectors.toJsonArray());
  }

  static JsonObject problem(String problem) {
    return problemBuilder(problem).build();
  }

  static JsonObject problem(String problem, UUID order) {
    return problemBuilder(problem).add("order", order.toString()).build();
  }

  private static JsonObjectBuilder problemBuilder(String problem) {
    return Json.createObjectBuilder().add("problem", problem);
  }

  private static JsonObject parse(String json) {
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      return reader.readObject();
    } catch (JsonException e) {
      throw new IllegalArgumentException("not a JSON object: " + e.getMessage(), e);
    }
  }

  private static Item item(JsonObject body) {
    String name = body.getString("item", "");
    return Arrays.stream(Item.values())
        .filter(item -> item.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "item is \""
                        + name
                        + "\", allowed is one of "
                        + Arrays.toString(Item.values())));
  }

  private static int quantity(JsonObject body) {
    JsonValue value = body.getOrDefault("quantity", JsonValue.NULL);
    try {
      if (value instanceof JsonNumber number) {
        return number.intValueExact();
      }
    } catch (ArithmeticException e) {
      throw notWhole(value, e);
    }
    throw notWhole(value, null);
  }

  private static IllegalArgumentException notWhole(
      JsonValue quantity, @Nullable ArithmeticException cause) {
    return new IllegalArgumentException(
        "quantity is "
            + quantity
            + ", allowed is a whole number, 1 to "
            + OrderRequest.MAX_QUANTITY,
        cause);
  }

  private static boolean flag(JsonObject body, String name) {
    JsonValue value = body.getOrDefault(name, JsonValue.FALSE);
    if (value.equals(JsonValue.TRUE) || value.equals(JsonValue.FALSE)) {
      return value.equals(JsonValue.TRUE);
    }
    throw new IllegalArgumentException(name + " is " + value + ", allowed is true or false");
  }

  private ShopJson() {}
}
