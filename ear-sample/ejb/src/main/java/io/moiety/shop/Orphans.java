package io.moiety.shop;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Orders of which a message came but whose row is not there. The figure that must be zero: such a
 * message was delivered though its transaction had not committed. The page and the check show it.
 *
 * <p>An order may be here for a moment, since its row and its messages are committed one after the
 * other. Counted in memory and since the start, and no further than {@link #MAX_ORPHANS}.
 *
 * <p>Any thread.
 */
@ApplicationScoped
public class Orphans {
  static final int MAX_ORPHANS = 1_000;

  private final Set<UUID> orders = ConcurrentHashMap.newKeySet();

  void rowMissing(UUID order) {
    if (orders.size() < MAX_ORPHANS) {
      orders.add(order);
    }
  }

  void rowFound(UUID order) {
    orders.remove(order);
  }

  public int count() {
    return orders.size();
  }
}
