package io.moiety.broker.delivery;

/**
 * Why a request was not carried out. Nothing of it has been done.
 *
 * @param text what happened, where, and what to do
 */
public record Refusal(Reason reason, String text) {

  /** What the caller may want to tell apart. */
  public enum Reason {
    /** The session is not there (any more) or belongs to another connection. */
    UNKNOWN_SESSION,
    UNKNOWN_TOPIC,
    UNKNOWN_GROUP,
    /** The message is not the caller's: acknowledged, given back, or somebody else's. */
    NOT_LEASED,
    /** A field is out of its range or does not fit the others. */
    INVALID,
    /** Others are using what would have to change. */
    IN_USE,
    /** A limit is reached; the same request may succeed later. */
    LIMIT_REACHED,
    NOT_PERMITTED,
  }

  static Refusal unknownSession(long session) {
    return new Refusal(
        Reason.UNKNOWN_SESSION,
        "Session "
            + session
            + " is unknown on this connection: it was closed, or lost with its connection or by"
            + " silence; open a new one. What was delivered to it goes to others");
  }

  static Refusal invalid(String text) {
    return new Refusal(Reason.INVALID, text);
  }

  static Refusal inUse(String text) {
    return new Refusal(Reason.IN_USE, text);
  }

  static Refusal limitReached(String text) {
    return new Refusal(Reason.LIMIT_REACHED, text);
  }
}
