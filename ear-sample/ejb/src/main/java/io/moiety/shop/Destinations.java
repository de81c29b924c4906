package io.moiety.shop;

/** The queues' names at the broker. A queue is made when it is first used. */
final class Destinations {
  /** An order was placed. */
  static final String ORDERS = "orders";

  /** A confirmed order is to be packed. */
  static final String SHIPMENTS = "shipments";

  /** Delayed: the time to pay is over. */
  static final String PAYMENT_TIMEOUTS = "payment-timeouts";

  /** Where the broker puts what fulfilment could not process. */
  static final String DEAD_ORDERS = "%DLQ%" + ORDERS;

  private Destinations() {}
}
