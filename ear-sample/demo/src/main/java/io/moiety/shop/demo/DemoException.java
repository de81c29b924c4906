package io.moiety.shop.demo;

import java.io.Serial;

/**
 * The demo cannot go on. The message is for the person who started it: what happened, what to do.
 */
final class DemoException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  DemoException(String message) {
    super(message);
  }

  DemoException(String message, Throwable cause) {
    super(message, cause);
  }
}
