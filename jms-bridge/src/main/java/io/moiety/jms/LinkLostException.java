package io.moiety.jms;

/**
 * A request did not survive the loss of a connection that is made again. The connection goes on, so
 * that nobody is to close it for this.
 */
final class LinkLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LinkLostException(String message) {
    super(message);
  }

  LinkLostException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Some of it was received by a connection that is lost by now. */
  static LinkLostException partlyGivenBack() {
    return new LinkLostException(
        "the connection was lost since the first of these messages were received; these were given"
            + " back and come again, the others are acknowledged");
  }

  /** What was received by a connection that is lost by now. */
  static LinkLostException givenBack() {
    return new LinkLostException(
        "the connection was lost since these messages were received; they were given back and come"
            + " again");
  }
}
