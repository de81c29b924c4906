package io.moiety.shop.demo;

import java.io.PrintStream;

/**
 * Runs named steps and prints one line for each: {@code ok} or {@code FAILED} with the reason. A
 * failed step does not stop the others: each tells something of its own.
 *
 * <p>Confined to the thread that runs the scenario.
 */
final class Steps {
  private final PrintStream out;
  private int passed;
  private int failed;

  Steps(PrintStream out) {
    this.out = out;
  }

  /** What a step does. It returns what was seen, for its line. */
  @FunctionalInterface
  interface Step {
    String run() throws InterruptedException;
  }

  void step(String name, Step step) throws InterruptedException {
    try {
      String seen = step.run();
      passed++;
      out.println("ok      " + name + (seen.isEmpty() ? "" : " (" + seen + ")"));
    } catch (StepFailedException | DemoException e) {
      failed++;
      out.println("FAILED  " + name + ": " + e.getMessage());
    }
  }

  int passed() {
    return passed;
  }

  int failed() {
    return failed;
  }

  static void require(boolean held, String otherwise) {
    if (!held) {
      throw new StepFailedException(otherwise);
    }
  }
}
