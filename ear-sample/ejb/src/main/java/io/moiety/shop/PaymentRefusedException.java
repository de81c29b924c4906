package io.moiety.shop;

import jakarta.ejb.ApplicationException;
import java.io.Serial;
import java.util.UUID;

/** The order is not one to be paid now. */
@ApplicationException(rollback = true)
public class PaymentRefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  PaymentRefusedException(UUID order, OrderState state) {
    super("order " + order + " is " + state + ": only a CONFIRMED order can be paid");
  }
}
