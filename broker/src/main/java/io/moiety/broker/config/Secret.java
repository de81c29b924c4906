package io.moiety.broker.config;

/** A text that must not get into a log, a message or an answer: it does not show itself. */
public record Secret(String value) {

  @Override
  public String toString() {
    return "(secret)";
  }
}
