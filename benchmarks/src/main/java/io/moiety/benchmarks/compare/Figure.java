package io.moiety.benchmarks.compare;

/** One part of the comparison, which can be run alone. */
interface Figure {

  /** For the command line. */
  String name();

  /**
   * Measures once for each broker, in turn; all runs at once when it {@link #repeatsItself}. What
   * cannot be measured is told to the results; only an interrupt ends the comparison.
   */
  void run(Settings settings, Results results) throws InterruptedException;

  /** Whether it does all runs at once, since what it needs takes long to prepare. */
  default boolean repeatsItself() {
    return false;
  }
}
