package io.moiety.shop.demo;

import java.io.Serial;

/** A step of the scenario did not hold. The message says what was seen instead. */
final class StepFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  StepFailedException(String message) {
    super(message);
  }
}
