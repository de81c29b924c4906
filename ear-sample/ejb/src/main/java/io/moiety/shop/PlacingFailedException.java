package io.moiety.shop;

import jakarta.ejb.ApplicationException;
import java.io.Serial;
import java.util.UUID;

/** Placing failed after the sends, as the customer asked for: the transaction is rolled back. */
@ApplicationException(rollback = true)
public class PlacingFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final UUID order;

  PlacingFailedException(UUID order) {
    super("placing order " + order + " failed after its messages were sent");
    this.order = order;
  }

  /** The order that never was. */
  public UUID order() {
    return order;
  }
}
