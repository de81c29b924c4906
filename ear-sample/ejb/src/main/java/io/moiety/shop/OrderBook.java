package io.moiety.shop;

import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * All that happens to orders. Each method runs in the caller's transaction or in one of its own;
 * the row, the messages and what is told to the page ({@link OrderFeed}) follow its outcome.
 *
 * <p>A step locks its row first: a payment and the timeout that come at once take turns, and the
 * second sees what the first did.
 */
@Stateless
public class OrderBook {
  private static final int LISTED_ORDERS = 100;

  @PersistenceContext private EntityManager entities;
  @EJB private OutgoingMessages messages;
  @EJB private ShopSettings settings;
  @Inject private Event<OrderView> changes;
  @Inject private Orphans orphans;

  /**
   * The main job, one transaction: one row and two messages, or nothing at all.
   *
   * @throws PlacingFailedException when the request asked for it; thrown after the sends
   */
  public OrderView place(OrderRequest request) {
    Duration paymentTimeout = settings.paymentTimeout();
    Order order = new Order(UUID.randomUUID(), request, Instant.now(), paymentTimeout);
    entities.persist(order);
    OrderView placed = tell(order);
    messages.orderPlaced(order.message(), paymentTimeout);
    if (request.failAfterSends()) {
      throw new PlacingFailedException(placed.id());
    }
    return placed;
  }

  /** Fulfilment takes a new order: confirmed, and the warehouse told, in one transaction. */
  public void confirm(UUID id) {
    Order order = locked(id);
    if (order.confirm()) {
      tell(order);
      messages.orderConfirmed(order.message());
    }
  }

  /**
   * Pays an order.
   *
   * @return the paid order, or nothing when there is no such order
   * @throws PaymentRefusedException when the order is not one to be paid now
   */
  public Optional<OrderView> pay(UUID id) {
    Order order = entities.find(Order.class, id.toString(), LockModeType.PESSIMISTIC_WRITE);
    if (order == null) {
      return Optional.empty();
    }
    if (!order.pay()) {
      throw new PaymentRefusedException(id, order.state());
    }
    return Optional.of(tell(order));
  }

  /** The time to pay is over. */
  public void paymentDue(UUID id) {
    step(id, Order::cancel);
  }

  public void packed(UUID id) {
    step(id, Order::pack);
  }

  public void deadLettered(UUID id) {
    step(id, Order::deadLetter);
  }

  public Optional<OrderView> find(UUID id) {
    return Optional.ofNullable(entities.find(Order.class, id.toString())).map(Order::view);
  }

  /** The latest orders, the newest first. */
  public List<OrderView> latest() {
    return entities
        .createQuery("select o from Order o order by o.placedAtMillis desc, o.id", Order.class)
        .setMaxResults(LISTED_ORDERS)
        .getResultStream()
        .map(Order::view)
        .toList();
  }

  private void step(UUID id, Predicate<Order> step) {
    Order order = locked(id);
    if (step.test(order)) {
      tell(order);
    }
  }

  /**
   * A message exists only where its row does, but the two are committed one after the other: the
   * first delivery may be quicker than the row. So a missing row is thrown and the message comes
   * again; if the row never appears (a new database under an old broker) it is dead-lettered.
   */
  private Order locked(UUID id) {
    Order order = entities.find(Order.class, id.toString(), LockModeType.PESSIMISTIC_WRITE);
    if (order == null) {
      orphans.rowMissing(id);
      throw new IllegalStateException("order " + id + " is not in the database (yet)");
    }
    orphans.rowFound(id);
    return order;
  }

  /** Flushed first, so that what is told carries the new revision. */
  private OrderView tell(Order order) {
    entities.flush();
    OrderView view = order.view();
    changes.fire(view);
    return view;
  }
}
