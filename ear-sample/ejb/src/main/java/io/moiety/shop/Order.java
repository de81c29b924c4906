package io.moiety.shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One order and the rules of its life. A message may come twice or late, so a step that is not due
 * (any more) is not an error: it changes nothing and answers false.
 *
 * <pre>
 *   NEW ──confirm──> CONFIRMED ──pay──> PAID
 *    │ └────cancel────────┤
 *    │                    └──cancel──> CANCELLED
 *    └──deadLetter──> DEAD_LETTERED  (from CANCELLED too: the failure is still to be looked at)
 * </pre>
 *
 * <p>The key is made by the shop and is never used again, not even in a new database: a message
 * that outlived its database must not meet another order.
 *
 * <p>Confined to the transaction that loaded it.
 */
@Entity
@Table(name = "shop_order")
public class Order {
  @Id
  @Column(name = "id")
  private String id;

  @Version
  @Column(name = "revision")
  private int revision;

  @Enumerated(EnumType.STRING)
  @Column(name = "item")
  private Item item;

  @Column(name = "quantity")
  private int quantity;

  @Column(name = "poison")
  private boolean poison;

  @Enumerated(EnumType.STRING)
  @Column(name = "state")
  private OrderState state;

  @Column(name = "deliveries")
  private int deliveries;

  @Column(name = "packed")
  private boolean packed;

  @Column(name = "placed_at_millis")
  private long placedAtMillis;

  @Column(name = "payment_due_at_millis")
  private long paymentDueAtMillis;

  /** For Jakarta Persistence, which sets the fields afterwards. */
  protected Order() {}

  Order(UUID id, OrderRequest request, Instant placedAt, Duration paymentTimeout) {
    this.id = id.toString();
    this.item = request.item();
    this.quantity = request.quantity();
    this.poison = request.poison();
    this.state = OrderState.NEW;
    this.placedAtMillis = placedAt.toEpochMilli();
    this.paymentDueAtMillis = placedAt.plus(paymentTimeout).toEpochMilli();
  }

  boolean confirm() {
    return move(OrderState.CONFIRMED, state == OrderState.NEW);
  }

  boolean pay() {
    return move(OrderState.PAID, state == OrderState.CONFIRMED);
  }

  boolean cancel() {
    return move(OrderState.CANCELLED, state == OrderState.NEW || state == OrderState.CONFIRMED);
  }

  boolean deadLetter() {
    return move(OrderState.DEAD_LETTERED, state == OrderState.NEW || state == OrderState.CANCELLED);
  }

  /** The warehouse packs what was confirmed; for a cancelled order there is nothing to pack. */
  boolean pack() {
    boolean due = !packed && (state == OrderState.CONFIRMED || state == OrderState.PAID);
    packed |= due;
    return due;
  }

  /** Notes that the order's message was delivered for the {@code count}th time. */
  boolean delivered(int count) {
    boolean more = count > deliveries;
    deliveries = Math.max(deliveries, count);
    return more;
  }

  OrderState state() {
    return state;
  }

  OrderMessage message() {
    return new OrderMessage(UUID.fromString(id), item, quantity, poison);
  }

  OrderView view() {
    return new OrderView(
        UUID.fromString(id),
        revision,
        item,
        quantity,
        poison,
        state,
        deliveries,
        packed,
        placedAtMillis,
        paymentDueAtMillis);
  }

  private boolean move(OrderState next, boolean allowed) {
    if (allowed) {
      state = next;
    }
    return allowed;
  }
}
