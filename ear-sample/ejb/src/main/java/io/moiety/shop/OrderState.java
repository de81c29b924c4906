package io.moiety.shop;

/** Where an order stands. {@link Order} decides which state may follow which. */
public enum OrderState {
  /** Stored, and its message sent, in one transaction. */
  NEW,
  /** Fulfilment has taken it and asked for its shipment. Only now can it be paid. */
  CONFIRMED,
  PAID,
  /** Not paid in time. */
  CANCELLED,
  /** Fulfilment failed at each delivery of its message: a person has to look at it. */
  DEAD_LETTERED
}
