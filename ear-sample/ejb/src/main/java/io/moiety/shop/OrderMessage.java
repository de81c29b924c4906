package io.moiety.shop;

import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.UUID;

/**
 * The body of each message about an order, as JSON text: any consumer on the queue can read it,
 * without the shop's classes.
 *
 * <pre>{"order":"5f0c…","item":"GREEN_TEA","quantity":2,"poison":false}</pre>
 */
record OrderMessage(UUID order, Item item, int quantity, boolean poison) {

  /** Reads a received message's body. */
  static OrderMessage of(Message message) {
    try {
      return parse(message.getBody(String.class));
    } catch (JMSException e) {
      throw new JMSRuntimeException("cannot read the message's body", e.getErrorCode(), e);
    }
  }

  /**
   * @throws IllegalArgumentException when the text is no such body; it says what is wrong
   */
  static OrderMessage parse(String json) {
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      JsonObject body = reader.readObject();
      return new OrderMessage(
          UUID.fromString(body.getString("order")),
          Item.valueOf(body.getString("item")),
          body.getInt("quantity"),
          body.getBoolean("poison"));
    } catch (JsonException | NullPointerException | ClassCastException e) {
      // What JSON-P throws for broken text, a missing member and one of another type.
      throw new IllegalArgumentException("not the body of a message about an order: " + json, e);
    }
  }

  String toJson() {
    return Json.createObjectBuilder()
        .add("order", order.toString())
        .add("item", item.name())
        .add("quantity", quantity)
        .add("poison", poison)
        .build()
        .toString();
  }
}
