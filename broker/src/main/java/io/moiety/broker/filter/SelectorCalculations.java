package io.moiety.broker.filter;

import java.util.List;
import org.apache.activemq.artemis.selector.strict.StrictParserConstants;
import org.apache.activemq.artemis.selector.strict.Token;

/**
 * Truths and text where a number must be. Jakarta Messaging 3.8.1.1 calculates with numbers only;
 * the library takes {@code TRUE + 1 = 2} and {@code 'a' + 1 = 'a1'} too. Stateless.
 */
final class SelectorCalculations {

  private SelectorCalculations() {}

  /**
   * Looks at the tokens of a text.
   *
   * @throws BadFilterException when TRUE, FALSE or text, in brackets or without, is calculated with
   */
  static void check(String text, List<Token> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      if (isNoNumber(tokens.get(i)) && isCalculatedWith(tokens, i)) {
        throw new BadFilterException(
            "Selector '" + text + "' calculates with " + tokens.get(i) + ", which is no number");
      }
    }
  }

  private static boolean isNoNumber(Token token) {
    return switch (token.kind) {
      case StrictParserConstants.TRUE,
          StrictParserConstants.FALSE,
          StrictParserConstants.STRING_LITERAL ->
          true;
      default -> false;
    };
  }

  private static boolean isCalculatedWith(List<Token> tokens, int operand) {
    int before = operand - 1;
    int after = operand + 1;
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
