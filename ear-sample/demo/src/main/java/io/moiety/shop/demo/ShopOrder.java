package io.moiety.shop.demo;

import jakarta.json.JsonObject;

/** An order as the shop's REST interface tells it; only what the check looks at. */
record ShopOrder(
    String id,
    int revision,
    String state,
    int deliveries,
    boolean packed,
    long paymentDueAtMillis) {

  static ShopOrder of(JsonObject json) {
    return new ShopOrder(
        json.getString("id"),
        json.getInt("revision"),
        json.getString("state"),
        json.getInt("deliveries"),
        json.getBoolean("packed"),
        json.getJsonNumber("paymentDueAtMillis").longValueExact());
  }
}
