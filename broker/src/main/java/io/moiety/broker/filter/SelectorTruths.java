package io.moiety.broker.filter;

import java.util.List;
import org.apache.activemq.artemis.selector.strict.StrictParserConstants;
import org.apache.activemq.artemis.selector.strict.Token;

/**
 * TRUE and FALSE where a number must be. Jakarta Messaging 3.8.1.1 calculates with numbers only;
 * the library takes {@code TRUE + 1 = 2} too. Stateless.
 */
final class SelectorTruths {

  private SelectorTruths() {}

  /**
   * Looks at the tokens of a text.
   *
   * @throws BadFilterException when TRUE or FALSE, in brackets or without, is calculated with
   */
  static void check(String text, List<Token> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      if (isTruth(tokens.get(i)) && isCalculatedWith(tokens, i)) {
        throw new BadFilterException(
            "Selector '" + text + "' calculates with " + tokens.get(i) + ", which is no number");
      }
    }
  }

  private static boolean isTruth(Token token) {
    return token.kind == StrictParserConstants.TRUE || token.kind == StrictParserConstants.FALSE;
  }

  private static boolean isCalculatedWith(List<Token> tokens, int truth) {
    int before = truth - 1;
    int after = truth + 1;
    while (image(tokens, before).equals("(") && image(tokens, after).equals(")")) {
      before--;
      after++;
    }
    return SelectorLikes.isArithmetic(image(tokens, before))
        || SelectorLikes.isArithmetic(image(tokens, after));
  }

  private static String image(List<Token> tokens, int at) {
    return at >= 0 && at < tokens.size() ? tokens.get(at).image : "";
  }
}
