package io.moiety.benchmarks.compare;

/** A figure could not be measured; the message says what happened, for the table. */
final class FigureException extends Exception {

  private static final long serialVersionUID = 1;

  FigureException(String message) {
    super(message);
  }
}
