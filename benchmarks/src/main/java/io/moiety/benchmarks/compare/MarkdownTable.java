package io.moiety.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Writes what a figure's runs brought as Markdown, with what the machine could do meanwhile.
 *
 * @param beside whom Moiety is compared with
 * @param columns all whose figures are told
 */
record MarkdownTable(Peer beside, List<Peer> columns) {

  MarkdownTable {
    columns = List.copyOf(columns);
  }

  /** What the machine is. */
  static String ofMachine(List<MachineLimits.Limit> machine) {
    StringBuilder text = new StringBuilder("| machine | |\n| --- | --- |\n");
    machine.forEach(limit -> text.append("| %s | %s |\n".formatted(limit.name(), limit.value())));
    return text.toString();
  }

  String of(List<MachineLimits.Limit> limits, Results results) {
    StringBuilder text = new StringBuilder();
    text.append(
        limits.stream()
            .map(limit -> limit.name() + " " + limit.value())
            .collect(Collectors.joining("; ", "Measured ", ".\n")));
    text.append("\n| figure | unit |");
    for (Peer peer : columns) {
      text.append(" ").append(peer.title()).append(" |");
    }
    text.append(" ratio | to reach | |\n| --- | --- |");
    text.append(" --- |".repeat(columns.size())).append(" --- | --- | --- |\n");
    for (Row row : results.rows()) {
      text.append(line(row, results)).append("\n");
    }
    return text.toString();
  }

  private String line(Row row, Results results) {
    OptionalDouble moiety = results.of(row, Peer.MOIETY).median();
    OptionalDouble other = results.of(row, beside).median();
    String ratio =
        moiety.isPresent() && other.isPresent() && other.getAsDouble() != 0
            ? String.format(Locale.ROOT, "%.2f", moiety.getAsDouble() / other.getAsDouble())
            : "–";
    String cells =
        columns.stream()
            .map(peer -> results.of(row, peer).text())
            .collect(Collectors.joining(" | "));
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            row.label(),
            row.unit(),
            cells,
            ratio,
            row.goal().text(beside),
            row.goal().verdict(moiety, other));
  }
}
