package io.moiety.ra.checkback;

import io.moiety.client.SendStatus;

/** A half message was stored, but not as safely as its transaction needs it. */
final class HalfNotSafeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HalfNotSafeException(String topic, SendStatus status) {
    super("The broker stored a message for " + topic + " not safely enough: " + status);
  }
}
