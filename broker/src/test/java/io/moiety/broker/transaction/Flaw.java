package io.moiety.broker.transaction;

/** A deliberate error in the wiring of a model broker, which an exploration has to find. */
enum Flaw {
  NONE,
  /** Answers do not wait for the force. */
  ANSWERS_BEFORE_FORCE,
  /** A rollback of a half message appends it to its topic. */
  ROLLBACK_IS_VISIBLE,
  /** After a restart it is not known which half messages were committed. */
  FORGETS_COMMITS,
  /** After a restart it is not known which half messages were rolled back. */
  FORGETS_ROLLBACKS,
  /** After a restart it is not known how often producers were asked. */
  FORGETS_CHECKS,
  /** After a restart nobody knows which branches were prepared. */
  FORGETS_PREPARES,
  /** After a restart decisions are not completed. */
  COMPLETES_NOTHING,
  /** After a restart it is not known which copies of a branch are there. */
  FORGETS_COPIES,
  /** A base says nothing of branches. */
  BASE_WITHOUT_BRANCHES,
  /** Retention carries nothing forward. */
  CARRIES_NOTHING,
  /** Retention carries nothing forward of what is parked. */
  CARRIES_NOTHING_PARKED,
  /** Retention carries half messages forward, and not how often producers were asked. */
  CARRIES_WITHOUT_CHECKS,
  /** A branch that is lost with its connection keeps what it acknowledged. */
  KEEPS_ACKNOWLEDGEMENTS,
  /** After a restart it is not known which delayed messages were delivered. */
  FORGETS_DELIVERIES
}
