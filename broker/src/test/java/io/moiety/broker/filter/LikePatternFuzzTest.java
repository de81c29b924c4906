package io.moiety.broker.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Patterns of LIKE and texts; in the input a line each, the first one's first character escapes.
 */
class LikePatternFuzzTest {

  private static final int MOST_CODE_POINTS = 200;

  @FuzzTest
  void matchesWhatSqlSaysItMatches(byte[] utf8) {
    String[] lines = new String(utf8, UTF_8).split("\n", 2);
    int[] given = lines[0].codePoints().limit(MOST_CODE_POINTS).toArray();
    String text = firstOf(lines.length < 2 ? "" : lines[1]);
    if (given.length > 0) {
      String pattern = new String(given, 1, given.length - 1);
      assertMatchesAsItShould(pattern, given[0], text);
      assertMatchesAsItShould(pattern, LikePattern.NO_ESCAPE, text);
    }
  }

  private static String firstOf(String line) {
    int[] codePoints = line.codePoints().limit(MOST_CODE_POINTS).toArray();
    return new String(codePoints, 0, codePoints.length);
  }

  private static void assertMatchesAsItShould(String pattern, int escape, String text) {
    assertThat(new LikePattern(pattern, escape).matches(text))
        .as("'%s' LIKE '%s' ESCAPE %d", text, pattern, escape)
        .isEqualTo(matches(pattern.codePoints().toArray(), escape, text.codePoints().toArray()));
  }

  /** Fills in which beginnings of the text each beginning of the pattern matches. */
  private static boolean matches(int[] pattern, int escape, int[] text) {
    boolean[] reached = new boolean[text.length + 1];
    reached[0] = true;
    for (int i = 0; i < pattern.length; i++) {
      boolean escapes = pattern[i] == escape && i + 1 < pattern.length;
      boolean literal =
          escapes && (pattern[i + 1] == '%' || pattern[i + 1] == '_' || pattern[i + 1] == escape);
      int wanted = literal ? pattern[++i] : pattern[i];
      boolean[] next = new boolean[text.length + 1];
      for (int at = 0; at <= text.length; at++) {
        if (!literal && wanted == '%') {
          next[at] = reached[at] || (at > 0 && next[at - 1]);
        } else {
          boolean fits = at > 0 && ((!literal && wanted == '_') || wanted == text[at - 1]);
          next[at] = fits && reached[at - 1];
        }
      }
      reached = next;
    }
    return reached[text.length];
  }
}
