package io.moiety.broker.filter;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Selectors by the text of the specification (Jakarta Messaging 3.1, section 3.8.1), written down
 * once more and as plainly as can be: every term knows its value for one message as it is made, a
 * number, text or truth, and null where that is unknown.
 */
final class SelectorModel {

  /** How strongly a term holds together, from OR to a single word. */
  private static final int OR = 1;

  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int COMPARISON = 4;
  private static final int SUM = 5;
  private static final int PRODUCT = 6;
  private static final int SIGN = 7;
  private static final int WORD = 8;

  private SelectorModel() {}

  /**
   * @param minimal its text with the brackets that it needs
   * @param bracketed with one pair around each part
   * @param value null for unknown
   */
  record Term(String minimal, String bracketed, int strength, @Nullable Object value) {

    static Term property(String name, @Nullable Object value) {
      return new Term(name, name, WORD, value);
    }

    static Term literal(Object value) {
      String text =
          value instanceof String words ? quoted(words) : value.toString().toUpperCase(Locale.ROOT);
      return written(text, value);
    }

    static Term written(String text, Object value) {
      return new Term(text, text, WORD, value);
    }

    private String in(int strengthNeeded) {
      return strength >= strengthNeeded ? minimal : "(" + minimal + ")";
    }

    private String apart() {
      return strength == WORD ? bracketed : "(" + bracketed + ")";
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static Term negative(Term number) {
    Object value = number.value();
    return new Term(
        "-" + number.in(WORD),
        "-" + number.apart(),
        SIGN,
        value == null
            ? null
            : isWhole(value) ? (Object) (-whole(value)) : (Object) (-broken(value)));
  }

  static Term arithmetic(String operator, Term left, Term right) {
    boolean isSum = operator.equals("+") || operator.equals("-");
    int strength = isSum ? SUM : PRODUCT;
    return new Term(
        left.in(strength) + " " + operator + " " + right.in(strength + 1),
        left.apart() + " " + operator + " " + right.apart(),
        strength,
        calculated(operator, left.value(), right.value()));
  }

  private static @Nullable Object calculated(
      String operator, @Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return null;
    }
    boolean keepsFractions = operator.equals("/");
    if (isWhole(left) && isWhole(right) && !keepsFractions) {
      return switch (operator) {
        case "+" -> whole(left) + whole(right);
        case "-" -> whole(left) - whole(right);
        default -> whole(left) * whole(right);
      };
    }
    return switch (operator) {
      case "+" -> broken(left) + broken(right);
      case "-" -> broken(left) - broken(right);
      case "*" -> broken(left) * broken(right);
      default -> broken(left) / broken(right);
    };
  }

  private static boolean isWhole(Object number) {
    return !(number instanceof Float || number instanceof Double);
  }

  private static long whole(Object number) {
    return ((Number) number).longValue();
  }

  private static double broken(Object number) {
    return ((Number) number).doubleValue();
  }

  static Term comparison(String operator, Term left, Term right) {
    return new Term(
        left.in(SUM) + " " + operator + " " + right.in(SUM),
        left.apart() + " " + operator + " " + right.apart(),
        COMPARISON,
        compared(operator, left.value(), right.value()));
  }

  private static @Nullable Boolean compared(
      String operator, @Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return null;
    }
    if (!(left instanceof Number)) {
      return left.equals(right) == operator.equals("=");
    }
    int order = Double.compare(broken(left) + 0.0, broken(right) + 0.0);
    return switch (operator) {
      case "=" -> order == 0;
      case "<>" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  static Term between(boolean negated, Term value, Term low, Term high) {
    Boolean inside =
        both(
            compared(">=", value.value(), low.value()),
            compared("<=", value.value(), high.value()));
    String operator = negated ? " NOT BETWEEN " : " BETWEEN ";
    return new Term(
        value.in(SUM) + operator + low.in(SUM) + " AND " + high.in(SUM),
        value.apart() + operator + low.apart() + " AND " + high.apart(),
        COMPARISON,
        negated ? opposite(inside) : inside);
  }

  static Term in(boolean negated, Term property, List<String> list) {
    Object value = property.value();
    String text =
        property.minimal()
            + (negated ? " NOT IN " : " IN ")
            + list.stream().map(SelectorModel::quoted).collect(Collectors.joining(", ", "(", ")"));
    return new Term(text, text, COMPARISON, value == null ? null : list.contains(value) != negated);
  }

  /** An escape stands before a wildcard or itself; before others, what it means is not said. */
  static boolean isPattern(String pattern, @Nullable Character escape) {
    int i = 0;
    while (i < pattern.length()) {
      if (escape != null && pattern.charAt(i) == escape) {
        i++;
        if (i == pattern.length() || ("%_" + escape).indexOf(pattern.charAt(i)) < 0) {
          return false;
        }
      }
      i++;
    }
    return true;
  }

  static Term like(boolean negated, Term property, String pattern, @Nullable Character escape) {
    Object value = property.value();
    String text =
        property.minimal()
            + (negated ? " NOT LIKE " : " LIKE ")
            + quoted(pattern)
            + (escape == null ? "" : " ESCAPE " + quoted(escape.toString()));
    return new Term(
        text,
        text,
        COMPARISON,
        value == null ? null : isLike((String) value, pattern, escape) != negated);
  }

  private static boolean isLike(String text, String pattern, @Nullable Character escape) {
    if (pattern.isEmpty()) {
      return text.isEmpty();
    }
    char first = pattern.charAt(0);
    if (first == '%' && (escape == null || escape != first)) {
      return isLike(text, pattern.substring(1), escape)
          || (!text.isEmpty() && isLike(text.substring(1), pattern, escape));
    }
    if (text.isEmpty()) {
      return false;
    }
    boolean escaped = escape != null && first == escape;
    char wanted = escaped ? pattern.charAt(1) : first;
    return ((!escaped && first == '_') || text.charAt(0) == wanted)
        && isLike(text.substring(1), pattern.substring(escaped ? 2 : 1), escape);
  }

  static Term isNull(boolean negated, Term property) {
    String text = property.minimal() + (negated ? " IS NOT NULL" : " IS NULL");
    return new Term(text, text, COMPARISON, (property.value() == null) != negated);
  }

  static Term not(Term condition) {
    return new Term(
        "NOT " + condition.in(NOT),
        "NOT " + condition.apart(),
        NOT,
        opposite((Boolean) condition.value()));
  }

  private static @Nullable Boolean opposite(@Nullable Boolean truth) {
    return truth == null ? null : !truth;
  }

  static Term and(Term left, Term right) {
    return new Term(
        left.in(AND) + " AND " + right.in(AND),
        left.apart() + " AND " + right.apart(),
        AND,
        both((Boolean) left.value(), (Boolean) right.value()));
  }

  static Term or(Term left, Term right) {
    Boolean neither = both(opposite((Boolean) left.value()), opposite((Boolean) right.value()));
    return new Term(
        left.in(OR) + " OR " + right.in(OR),
        left.apart() + " OR " + right.apart(),
        OR,
        opposite(neither));
  }

  private static @Nullable Boolean both(@Nullable Boolean left, @Nullable Boolean right) {
    if (Boolean.FALSE.equals(left) || Boolean.FALSE.equals(right)) {
      return false;
    }
    return (left == null || right == null) ? null : Boolean.TRUE;
  }
}
