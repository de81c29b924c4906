package io.moiety.benchmarks.compare;

import java.util.Locale;
import java.util.OptionalDouble;

/** What Moiety's median is to reach. */
sealed interface Goal {

  /** Nothing; the figure is told for what it is. */
  record None() implements Goal {}

  /** So many times the other's median of the same run. */
  record Times(double factor) implements Goal {}

  /** Not more than the other's median of the same run, such as a latency. */
  record NoMore() implements Goal {}

  record AtLeast(double value) implements Goal {}

  record AtMost(double value) implements Goal {}

  /**
   * In words.
   *
   * @param beside whom Moiety is compared with
   */
  default String text(Peer beside) {
    if (this instanceof Times times) {
      return String.format(
          Locale.ROOT, "%s times %s", Row.number(times.factor()), beside.productName());
    }
    if (this instanceof NoMore) {
      return "no more than " + beside.productName();
    }
    if (this instanceof AtLeast atLeast) {
      return "at least " + Row.number(atLeast.value());
    }
    if (this instanceof AtMost atMost) {
      return "at most " + Row.number(atMost.value());
    }
    return "–";
  }

  /** Whether it is reached, in words; empty where that cannot be said. */
  default String verdict(OptionalDouble moiety, OptionalDouble beside) {
    if (this instanceof None || moiety.isEmpty()) {
      return "";
    }
    double value = moiety.getAsDouble();
    if (this instanceof AtLeast atLeast) {
      return word(value >= atLeast.value());
    }
    if (this instanceof AtMost atMost) {
      return word(value <= atMost.value());
    }
    if (this instanceof Times times && beside.isPresent()) {
      return word(value >= times.factor() * beside.getAsDouble());
    }
    if (this instanceof NoMore && beside.isPresent()) {
      return word(value <= beside.getAsDouble());
    }
    return "";
  }

  private static String word(boolean reached) {
    return reached ? "reached" : "missed";
  }
}
