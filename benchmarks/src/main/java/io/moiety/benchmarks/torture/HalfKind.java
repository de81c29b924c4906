package io.moiety.benchmarks.torture;

/** How a producer behaves after it has sent a half message. */
enum HalfKind {
  /** Tells what it decided. */
  TELL,
  /** Decides and does not tell: the broker has to ask. */
  VANISH,
  /** Tells when the broker has probably asked already. */
  LATE,
  /** Tells twice. */
  TWICE,
  /** Commits and then rolls back, which must not succeed both. */
  CONTRADICT,
  /** Decides nothing, for the whole run. */
  OPEN,
  /** Decides nothing; an administrator does later, when it is parked perhaps. */
  ADMINISTERED
}
