package io.moiety.benchmarks.compare;

import java.util.Locale;

/** One line of the table. */
record Row(String label, String unit, Goal goal) {

  static Row told(String label, String unit) {
    return new Row(label, unit, new Goal.None());
  }

  /** With as many digits as say something. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size == Math.rint(size) && size < 1e15) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}
