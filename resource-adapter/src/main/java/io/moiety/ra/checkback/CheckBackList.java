package io.moiety.ra.checkback;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The resource adapter's property {@code checkBackGroups}: outcome tables that it answers for from
 * its start on, separated by semicolons, each as {@code jndiName}, {@code jndiName#table}, or with
 * {@code producerGroup=} before it. Stateless.
 */
public final class CheckBackList {

  /** One of the list; a group of its own name only where connection factories have one. */
  public record Entry(OutcomePlace place, Optional<String> producerGroup) {}

  private CheckBackList() {}

  /**
   * The entries of the property.
   *
   * @throws IllegalArgumentException for one that cannot be meant
   */
  public static List<Entry> parse(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String part : text.split(";", -1)) {
      String entry = part.strip();
      if (!entry.isEmpty()) {
        entries.add(entry(entry));
      }
    }
    return entries;
  }

  /** What is wrong with the property, for a person; empty when nothing is. */
  public static Optional<String> fault(String text) {
    try {
      parse(text);
      return Optional.empty();
    } catch (IllegalArgumentException wrong) {
      return Optional.of(String.valueOf(wrong.getMessage()));
    }
  }

  private static Entry entry(String text) {
    int groupEnd = text.indexOf('=');
    int tableBegin = text.lastIndexOf('#');
    Optional<String> group =
        groupEnd < 0 ? Optional.empty() : Optional.of(text.substring(0, groupEnd).strip());
    String name = text.substring(groupEnd + 1, tableBegin < 0 ? text.length() : tableBegin);
    String table =
        tableBegin < 0 ? OutcomePlace.DEFAULT_TABLE : text.substring(tableBegin + 1).strip();
    if (name.isBlank() || group.filter(String::isEmpty).isPresent()) {
      throw new IllegalArgumentException(
          "checkBackGroups has the entry "
              + text
              + "; allowed: JNDI names of data sources, as producerGroup=name#table, separated by"
              + " semicolons");
    }
    return new Entry(new OutcomePlace(name.strip(), table), group);
  }
}
