package io.moiety.broker.filter;

import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.selector.strict.StrictParserConstants;
import org.apache.activemq.artemis.selector.strict.Token;

/**
 * Brackets around what a NOT negates. Comparisons come before NOT (Jakarta Messaging 3.8.1.1), but
 * the library takes {@code NOT a = 1} for {@code (NOT a) = 1}. Stateless.
 */
final class SelectorNegations {

  private SelectorNegations() {}

  /**
   * The same selector with brackets that say what its NOTs are about. What is no selector stays
   * none.
   */
  static List<Token> bracketed(List<Token> tokens) {
    List<Token> bracketed = new ArrayList<>(tokens);
    for (int i = tokens.size() - 1; i >= 0; i--) {
      if (negatesWhatFollows(bracketed, i)) {
        int end = endOfComparison(bracketed, i + 1);
        if (end > i + 2) {
          bracketed.add(end, bracket(")"));
          bracketed.add(i + 1, bracket("("));
        }
      }
    }
    return bracketed;
  }

  private static Token bracket(String image) {
    return new Token(StrictParserConstants.EOF, image);
  }

  /** Not those of IS NOT NULL, NOT IN, NOT LIKE and NOT BETWEEN, nor that of another NOT. */
  private static boolean negatesWhatFollows(List<Token> tokens, int at) {
    return tokens.get(at).kind == StrictParserConstants.NOT
        && (at == 0 || tokens.get(at - 1).kind != StrictParserConstants.IS)
        && at + 1 < tokens.size()
        && switch (tokens.get(at + 1).kind) {
          case StrictParserConstants.NOT,
              StrictParserConstants.IN,
              StrictParserConstants.LIKE,
              StrictParserConstants.BETWEEN ->
              false;
          default -> true;
        };
  }

  /** Where the comparison that begins here is followed by AND or OR, or a bracket ends. */
  private static int endOfComparison(List<Token> tokens, int begin) {
    int depth = 0;
    int betweens = 0;
    for (int i = begin; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.image.equals("(")) {
        depth++;
      } else if (token.image.equals(")")) {
        depth--;
      } else if (depth == 0 && token.kind == StrictParserConstants.BETWEEN) {
        betweens++;
      } else if (depth == 0 && token.kind == StrictParserConstants.AND && betweens > 0) {
        betweens--;
      } else if (depth == 0 && isAndOr(token)) {
        return i;
      }
      if (depth < 0) {
        return i;
      }
    }
    return tokens.size();
  }

  private static boolean isAndOr(Token token) {
    return token.kind == StrictParserConstants.AND || token.kind == StrictParserConstants.OR;
  }
}
