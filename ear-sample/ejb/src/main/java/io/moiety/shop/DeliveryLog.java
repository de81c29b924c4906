package io.moiety.shop;

import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.util.UUID;

/**
 * Counts deliveries on the order's row, in a transaction of its own: the count is to stay when the
 * delivery's transaction rolls back. Called before that transaction has locked the row.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class DeliveryLog {
  @PersistenceContext private EntityManager entities;
  @Inject private Event<OrderView> changes;
  @Inject private Orphans orphans;

  /**
   * Nothing is counted for an order that is not in the database (yet); it is noted as an orphan.
   */
  public void delivered(UUID id, int count) {
    Order order = entities.find(Order.class, id.toString(), LockModeType.PESSIMISTIC_WRITE);
    if (order == null) {
      orphans.rowMissing(id);
      return;
    }
    orphans.rowFound(id);
    if (order.delivered(count)) {
      entities.flush();
      changes.fire(order.view());
    }
  }
}
