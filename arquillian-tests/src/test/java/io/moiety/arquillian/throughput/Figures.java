package io.moiety.arquillian.throughput;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rates of all runs, and what they say. Confined to one thread. */
final class Figures {

  private final Map<Kind, List<Double>> rates = new EnumMap<>(Kind.class);

  void add(Kind kind, double perSecond) {
    rates.computeIfAbsent(kind, first -> new ArrayList<>()).add(perSecond);
  }

  double median(Kind kind) {
    List<Double> sorted = new ArrayList<>(rates.get(kind));
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** As Markdown, with the goals. */
  String table() {
    StringBuilder text =
        new StringBuilder("| a call does | calls per s | goal | |\n| --- | --- | --- | --- |\n");
    for (Kind kind : Kind.values()) {
      text.append("| %s | %s | %s |\n".formatted(kind.title(), rate(kind), goal(kind)));
    }
    return text.toString();
  }

  private String rate(Kind kind) {
    return String.format(
        Locale.ROOT,
        "%,.0f (%,.0f – %,.0f)",
        median(kind),
        Collections.min(rates.get(kind)),
        Collections.max(rates.get(kind)));
  }

  private String goal(Kind kind) {
    return switch (kind) {
      case CHECK_BACK ->
          "half of the insert alone: %s; 3 times Artemis: %s | %s"
              .formatted(
                  times(kind, Kind.NO_MESSAGE),
                  times(kind, Kind.ARTEMIS_XA),
                  verdict(
                      median(kind) >= median(Kind.NO_MESSAGE) / 2
                          && median(kind) >= 3 * median(Kind.ARTEMIS_XA)));
      case XA ->
          "1.5 times Artemis: %s | %s"
              .formatted(
                  times(kind, Kind.ARTEMIS_XA),
                  verdict(median(kind) >= 1.5 * median(Kind.ARTEMIS_XA)));
      case NO_MESSAGE, ARTEMIS_XA -> "– | ";
    };
  }

  private String times(Kind kind, Kind other) {
    return String.format(Locale.ROOT, "%.2f times", median(kind) / median(other));
  }

  private static String verdict(boolean reached) {
    return reached ? "reached" : "missed";
  }
}
