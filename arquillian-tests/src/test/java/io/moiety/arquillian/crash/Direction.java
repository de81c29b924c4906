package io.moiety.arquillian.crash;

/** Who begins the transaction. */
enum Direction {
  /** A request, which inserts a row and sends a message. */
  OUTBOUND("io.moiety.arquillian.orders.OrdersServlet"),

  /** A message, whose bean does the same. */
  INBOUND("io.moiety.ra.inbound.");

  private final String caller;

  Direction(String caller) {
    this.caller = caller;
  }

  /** How the name of a class begins that is among the callers of all that is done in it. */
  String caller() {
    return caller;
  }
}
