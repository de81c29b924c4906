package io.moiety.jms;

import java.io.ObjectInputFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The classes that a received object message may bring to life. Deserialization runs code of
 * whatever class the sender chose, so nothing is trusted that was not named.
 *
 * <p>A list of class names and packages ({@code com.acme.Order, com.acme.model.*}, the latter with
 * its sub-packages); {@code *} trusts everything. Numbers, text, points in time, and lists and
 * arrays of what is trusted always are: they run no code of the sender's choice. Sets and maps are
 * not among them, since to read one is to call {@code hashCode} of what the sender put in, which a
 * few hundred nested bytes make endless; nor is what {@code List.of} makes, since sets and maps
 * travel in the same class. Immutable.
 */
final class TrustedClasses implements ObjectInputFilter {

  /** Limits of one object graph, against bodies made to exhaust memory or stack. */
  private static final long MAX_DEPTH = 200;

  private static final long MAX_REFERENCES = 1_000_000;

  private static final Set<String> BASIC =
      Set.of(
          "java.lang.Boolean",
          "java.lang.Byte",
          "java.lang.Character",
          "java.lang.Short",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Float",
          "java.lang.Double",
          "java.lang.Number",
          "java.lang.String",
          "java.lang.StringBuffer",
          "java.lang.StringBuilder",
          "java.math.BigDecimal",
          "java.math.BigInteger",
          "java.lang.Enum",
          "java.util.UUID",
          "java.util.Date",
          "java.sql.Date",
          "java.sql.Time",
          "java.sql.Timestamp",
          "java.util.Arrays$ArrayList",
          "java.util.Collections$EmptyList",
          "java.util.Collections$SingletonList",
          "java.util.Collections$UnmodifiableCollection",
          "java.util.Collections$UnmodifiableList",
          "java.util.Collections$UnmodifiableRandomAccessList",
          "java.util.ArrayList",
          "java.util.LinkedList",
          "java.util.ArrayDeque",
          "java.util.Vector",
          "java.util.Stack",
          "java.lang.Object",
          "java.lang.Comparable",
          "java.io.Serializable");

  /** All of them are values. */
  private static final String TIMES = "java.time.";

  private final List<String> patterns;

  private TrustedClasses(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  /** Reads the list; empty trusts nothing. */
  static TrustedClasses parse(String commaList) {
    List<String> patterns = new ArrayList<>();
    for (String part : commaList.split(",", -1)) {
      if (!part.isBlank()) {
        patterns.add(part.strip());
      }
    }
    return new TrustedClasses(patterns);
  }

  @Override
  public Status checkInput(FilterInfo info) {
    if (info.depth() > MAX_DEPTH
        || info.references() > MAX_REFERENCES
        || info.arrayLength() > info.streamBytes() * 8 + 65_536) {
      return Status.REJECTED;
    }
    Class<?> type = info.serialClass();
    return type == null || trusts(type) ? Status.ALLOWED : Status.REJECTED;
  }

  boolean trusts(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    String name = element.getName();
    return element.isPrimitive()
        || BASIC.contains(name)
        || name.startsWith(TIMES)
        || patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, String className) {
    if (pattern.equals("*")) {
      return true;
    }
    if (pattern.endsWith(".*")) {
      return className.startsWith(pattern.substring(0, pattern.length() - 1));
    }
    return className.equals(pattern) || className.startsWith(pattern + "$");
  }
}
