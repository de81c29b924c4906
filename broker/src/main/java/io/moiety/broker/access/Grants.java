package io.moiety.broker.access;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a user may do with names of one kind. A rule is for one name, or with a star at its end for
 * all names that begin so; the rule that says most of a name decides alone, so that an exception
 * can be denied. Immutable.
 */
final class Grants {

  private static final String DENY = "DENY";
  private static final String ANYTHING = "*";

  private final Map<String, Set<Permission>> names = new HashMap<>();

  /** By prefix; of those that a name begins with, the last is the longest. */
  private final NavigableMap<String, Set<Permission>> prefixes = new TreeMap<>();

  private Grants() {}

  /**
   * Reads rules, from a name or pattern to {@code PUB}, {@code SUB}, {@code PUB|SUB} or {@code
   * DENY}.
   *
   * @throws IllegalArgumentException for a rule that is none of these
   */
  static Grants of(Map<String, String> rules) {
    Grants grants = new Grants();
    rules.forEach(
        (pattern, words) -> {
          Set<Permission> granted = permissions(pattern, words);
          int star = pattern.indexOf(ANYTHING);
          if (star < 0 && !pattern.isEmpty()) {
            grants.names.put(pattern, granted);
          } else if (star >= 0 && star == pattern.length() - 1) {
            grants.prefixes.put(pattern.substring(0, star), granted);
          } else {
            throw new IllegalArgumentException(
                "'" + pattern + "' is no pattern; allowed: a name, or a name's beginning and *");
          }
        });
    return grants;
  }

  private static Set<Permission> permissions(String pattern, String words) {
    Set<Permission> granted = EnumSet.noneOf(Permission.class);
    if (words.equals(DENY)) {
      return granted;
    }
    for (String word : words.split("\\|", -1)) {
      switch (word.strip()) {
        case "PUB" -> granted.add(Permission.PUB);
        case "SUB" -> granted.add(Permission.SUB);
        default ->
            throw new IllegalArgumentException(
                "the permission of '" + pattern + "' is none; allowed: PUB, SUB, PUB|SUB, DENY");
      }
    }
    return granted;
  }

  /** What the rule for the name itself grants; nothing without one. */
  Set<Permission> ofName(String name) {
    return names.getOrDefault(name, Set.of());
  }

  /** What the rule for the name grants, or the longest pattern that fits it. */
  Set<Permission> of(String name) {
    Set<Permission> exact = names.get(name);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, Set<Permission>> one :
        prefixes.headMap(name, true).descendingMap().entrySet()) {
      if (name.startsWith(one.getKey())) {
        return one.getValue();
      }
    }
    return Set.of();
  }
}
