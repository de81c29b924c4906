package io.moiety.benchmarks.compare;

import java.util.Locale;
import java.util.OptionalDouble;

/** What Moiety's median is to reach. */
sealed interface Goal {

  /** Nothing; the figure is told for what it is. */
  record None() implements Goal {}

  /** So many times RocketMQ's median of the same run. */
  record TimesRocketMq(double factor) implements Goal {}

  record AtLeast(double value) implements Goal {}

  record AtMost(double value) implements Goal {}

  default String text() {
    if (this instanceof TimesRocketMq times) {
      return String.format(Locale.ROOT, "%s times RocketMQ", Row.number(times.factor()));
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
  default String verdict(OptionalDouble moiety, OptionalDouble rocketMq) {
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
    if (this instanceof TimesRocketMq times && rocketMq.isPresent()) {
      return word(value >= times.factor() * rocketMq.getAsDouble());
    }
    return "";
  }

  private static String word(boolean reached) {
    return reached ? "reached" : "missed";
  }
}
