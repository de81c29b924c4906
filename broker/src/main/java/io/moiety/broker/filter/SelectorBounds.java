package io.moiety.broker.filter;

import java.util.List;
import org.apache.activemq.artemis.selector.strict.StrictParserConstants;
import org.apache.activemq.artemis.selector.strict.Token;

/**
 * What a selector must keep to so that it can be parsed and evaluated. The library's parser and its
 * expressions recurse as deep as a selector goes: {@code a = ----…1} with 8,000 characters used up
 * the stack, and making tokens of it took a second, since at each pair of minus signs a comment
 * might begin. Hence the first check, which needs no tokens. No state.
 */
final class SelectorBounds {
  static final int MAX_CHARS = 8 * 1024;

  /** Of open parentheses and all arithmetic operators together, and of NOTs of NOTs. */
  static final int MAX_NESTING = 250;

  /** Of comparisons that AND and OR do not separate; each takes the one before it as a value. */
  static final int MAX_COMPARISONS = 16;

  private SelectorBounds() {}

  /**
   * Looks at the characters.
   *
   * @throws BadFilterException when there are too many, they nest too deep, or some are a comment
   */
  static void check(String text) {
    if (text.length() > MAX_CHARS) {
      throw new BadFilterException(
          "Selector of "
              + text.length()
              + " characters is too long; "
              + MAX_CHARS
              + " are allowed");
    }
    int nesting = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
        continue;
      }
      if (beginsComment(text, i)) {
        throw new BadFilterException(
            "Selector '" + text + "' has a comment, at character " + (i + 1));
      }
      switch (c) {
        case '\'', '"' -> quote = c;
        case '(', '+', '-', '*', '/', '%' -> nesting++;
        case ')' -> nesting--;
        default -> {}
      }
      if (nesting > MAX_NESTING) {
        throw tooDeep(text);
      }
    }
  }

  /** Looks at the tokens of a text that has passed the other check. */
  static void check(String text, List<Token> tokens) {
    int comparisons = 0;
    int negations = 0;
    int before = StrictParserConstants.EOF;
    for (Token token : tokens) {
      switch (token.kind) {
        case StrictParserConstants.AND, StrictParserConstants.OR -> comparisons = 0;
        case StrictParserConstants.NOT -> negations += before == StrictParserConstants.NOT ? 1 : 0;
        case StrictParserConstants.XPATH, StrictParserConstants.XQUERY ->
            throw new BadFilterException(
                "Selector '" + text + "' asks for what is in the body, with " + token);
        default -> comparisons += compares(token) ? 1 : 0;
      }
      if (comparisons > MAX_COMPARISONS || negations > MAX_NESTING) {
        throw tooDeep(text);
      }
      before = token.kind;
    }
  }

  private static boolean beginsComment(String text, int at) {
    if (text.startsWith("--", at)) {
      return text.indexOf('\n', at) >= 0 || text.indexOf('\r', at) >= 0;
    }
    return text.startsWith("/*", at);
  }

  static boolean compares(Token token) {
    return switch (token.image) {
      case "=", "<>", "<", ">", "<=", ">=" -> true;
      default -> token.kind == StrictParserConstants.IS;
    };
  }

  private static BadFilterException tooDeep(String text) {
    return new BadFilterException(
        "Selector '"
            + text
            + "' nests too deep: "
            + MAX_NESTING
            + " parentheses, operators and NOTs, and "
            + MAX_COMPARISONS
            + " comparisons without AND or OR between them are allowed");
  }
}
