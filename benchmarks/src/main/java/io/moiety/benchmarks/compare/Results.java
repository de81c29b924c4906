package io.moiety.benchmarks.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * All that was measured, and what could not be. Rows keep the order in which they first came.
 * Confined to the thread that compares.
 */
final class Results {

  private final Map<Row, Map<Peer, Cell>> cells = new LinkedHashMap<>();

  /** The values of all runs, or why there is none for one of them. */
  static final class Cell {

    private final List<Double> values = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    OptionalDouble median() {
      if (values.isEmpty()) {
        return OptionalDouble.empty();
      }
      double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int middle = sorted.length / 2;
      return OptionalDouble.of(
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    /** Median, and the least and the most when there are several. */
    String text() {
      List<String> parts = new ArrayList<>();
      median()
          .ifPresent(
              median ->
                  parts.add(
                      values.size() == 1
                          ? Row.number(median) + " (1 run)"
                          : "%s (%s – %s)"
                              .formatted(
                                  Row.number(median),
                                  Row.number(values.stream().min(Double::compare).orElse(median)),
                                  Row.number(
                                      values.stream().max(Double::compare).orElse(median)))));
      if (!failures.isEmpty()) {
        parts.add("**failed** " + failures.size() + "×: " + failures.get(0));
      }
      return parts.isEmpty() ? "–" : String.join("; ", parts);
    }
  }

  /** Gives rows their place before anything is known of them. */
  void announce(List<Row> rows) {
    rows.forEach(row -> cells.computeIfAbsent(row, first -> new EnumMap<>(Peer.class)));
  }

  void add(Row row, Peer peer, double value) {
    cell(row, peer).values.add(value);
  }

  /** The peer's figure of one run is missing, and this is why. */
  void failed(Row row, Peer peer, String why) {
    cell(row, peer).failures.add(why);
  }

  List<Row> rows() {
    return List.copyOf(cells.keySet());
  }

  boolean anyFailed() {
    return cells.values().stream()
        .flatMap(ofRow -> ofRow.values().stream())
        .anyMatch(cell -> !cell.failures.isEmpty());
  }

  Cell of(Row row, Peer peer) {
    return cells.getOrDefault(row, Map.of()).getOrDefault(peer, new Cell());
  }

  private Cell cell(Row row, Peer peer) {
    return cells
        .computeIfAbsent(row, first -> new EnumMap<>(Peer.class))
        .computeIfAbsent(peer, first -> new Cell());
  }
}
