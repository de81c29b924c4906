package io.moiety.jms;

/**
 * A request did not survive the loss of a connection that is made again. The connection goes on, so
 * that nobody is to close it for this.
 */
final class LinkLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean waitedInVain;

  LinkLostException(String message) {
    super(message);
    waitedInVain = false;
  }

  LinkLostException(String message, Throwable cause) {
    super(message, cause);
    waitedInVain = false;
  }

  private LinkLostException(String message, boolean waitedInVain) {
    super(message);
    this.waitedInVain = waitedInVain;
  }

  /** No connection came while somebody waited for it. */
  static LinkLostException notMadeAgain(long waitedMillis) {
    return new LinkLostException(
        "the connection to the broker was lost and not made again within " + waitedMillis + " ms",
        true);
  }

  /** True when to ask at once again would be to wait as long again. */
  boolean waitedInVain() {
    return waitedInVain;
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
