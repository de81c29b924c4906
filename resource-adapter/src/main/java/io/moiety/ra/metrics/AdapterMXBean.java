package io.moiety.ra.metrics;

/** One instance of the resource adapter, as JMX shows it. */
public interface AdapterMXBean {

  /** Where its broker is. */
  String getAddresses();

  /** Whether that broker runs in this instance. */
  boolean isEmbedded();

  /** Transactions with messages that are neither prepared nor decided. */
  long getInFlight();

  /** Transactions with messages that were committed. */
  long getCommitted();

  /** Transactions with messages that were rolled back. */
  long getRolledBack();

  /** Outcomes that the broker had to ask for, in mode CHECK_BACK. */
  long getCheckedBack();

  /** Transactions of other nodes, gone, that were ended here, in mode CHECK_BACK. */
  long getFenced();

  /** Transactions that were prepared here and not decided here since. */
  long getInDoubt();

  /** Messages that a bean was given again. */
  long getRedelivered();

  /** Connections of beans that were made in place of lost ones. */
  long getReconnects();
}
