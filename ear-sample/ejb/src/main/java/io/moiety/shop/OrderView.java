package io.moiety.shop;

import java.util.UUID;

/**
 * An order as it was at one revision. What leaves the shop's transactions: of two views of an order
 * the one with the higher revision is the newer.
 *
 * @param deliveries how often its message reached fulfilment so far
 * @param packed whether the warehouse has packed its parcel
 * @param placedAtMillis milliseconds since the epoch
 * @param paymentDueAtMillis when it is cancelled if it is not paid, milliseconds since the epoch
 */
public record OrderView(
    UUID id,
    int revision,
    Item item,
    int quantity,
    boolean poison,
    OrderState state,
    int deliveries,
    boolean packed,
    long placedAtMillis,
    long paymentDueAtMillis) {

  public int totalCents() {
    return quantity * item.priceCents();
  }
}
