package io.moiety.broker.filter;

/**
 * What stands after LIKE: {@code %} for any characters, {@code _} for one, and an escape character
 * that makes either stand for itself. Immutable.
 *
 * <p>Not a regular expression, which would try every way to spread a text over several {@code %}: a
 * property of 3,000 characters against {@code '%a%a%b'} took 15 seconds. Here the time is bounded
 * by the length of the text times that of the pattern.
 */
final class LikePattern {
  private static final int ANY = -1;
  private static final int ONE = -2;
  static final int NO_ESCAPE = -3;

  /** Code points, {@link #ANY} and {@link #ONE}. */
  private final int[] parts;

  private final int count;

  /**
   * Takes a pattern apart.
   *
   * @param escape the escape character, or {@link #NO_ESCAPE}
   */
  LikePattern(String pattern, int escape) {
    int[] given = pattern.codePoints().toArray();
    int[] read = new int[given.length];
    int used = 0;
    for (int i = 0; i < given.length; i++) {
      boolean escapes = given[i] == escape && i + 1 < given.length;
      if (escapes && (given[i + 1] == '%' || given[i + 1] == '_' || given[i + 1] == escape)) {
        read[used++] = given[++i];
      } else {
        read[used++] = given[i] == '%' ? ANY : given[i] == '_' ? ONE : given[i];
      }
    }
    this.parts = read;
    this.count = used;
  }

  /** Each {@code %} takes as little as it can; when that fails later, the last one takes more. */
  boolean matches(String text) {
    int at = 0;
    int part = 0;
    int lastAny = -1;
    int takenUpTo = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      if (part < count && parts[part] == ANY) {
        lastAny = part++;
        takenUpTo = at;
      } else if (part < count && (parts[part] == ONE || parts[part] == codePoint)) {
        part++;
        at += Character.charCount(codePoint);
      } else if (lastAny >= 0) {
        takenUpTo += Character.charCount(text.codePointAt(takenUpTo));
        at = takenUpTo;
        part = lastAny + 1;
      } else {
        return false;
      }
    }
    while (part < count && parts[part] == ANY) {
      part++;
    }
    return part == count;
  }
}
