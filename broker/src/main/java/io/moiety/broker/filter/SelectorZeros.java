package io.moiety.broker.filter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.selector.strict.StrictParserConstants;
import org.apache.activemq.artemis.selector.strict.Token;

/**
 * Zeros without a sign. To the library 0.0 and -0.0 are different numbers and the latter is the
 * smaller one, as {@link Double#compareTo} has it; as numbers they are equal. Adding zero takes the
 * sign away, so that is done to whatever is calculated: {@code n = -0.0} becomes {@code n = (-0.0)
 * + 0}. A sum of such is one again. Stateless.
 */
final class SelectorZeros {

  /** What comes between calculations, besides comparisons and brackets. */
  private static final Set<Integer> WORDS =
      Set.of(
          StrictParserConstants.AND,
          StrictParserConstants.OR,
          StrictParserConstants.NOT,
          StrictParserConstants.IS,
          StrictParserConstants.IN,
          StrictParserConstants.LIKE,
          StrictParserConstants.BETWEEN);

  private final List<Token> unsigned = new ArrayList<>();
  private final Deque<Integer> beginsOutside = new ArrayDeque<>();
  private final Deque<Boolean> signsOutside = new ArrayDeque<>();
  private int begin;
  private boolean maySign;

  private SelectorZeros() {}

  /** The same selector where nothing that is calculated is -0.0. What is no selector stays none. */
  static List<Token> unsigned(List<Token> tokens) {
    SelectorZeros zeros = new SelectorZeros();
    tokens.forEach(zeros::add);
    zeros.end();
    return zeros.unsigned;
  }

  private void add(Token token) {
    if (token.image.equals("(")) {
      unsigned.add(token);
      beginsOutside.push(begin);
      signsOutside.push(maySign);
      begin();
    } else if (token.image.equals(")")) {
      end();
      unsigned.add(token);
      begin = beginsOutside.isEmpty() ? unsigned.size() : beginsOutside.pop();
      maySign = !signsOutside.isEmpty() && signsOutside.pop();
    } else if (SelectorBounds.compares(token) || WORDS.contains(token.kind)) {
      end();
      unsigned.add(token);
      begin();
    } else {
      maySign |= maySign(token.image);
      unsigned.add(token);
    }
  }

  private void begin() {
    begin = unsigned.size();
    maySign = false;
  }

  private void end() {
    if (maySign) {
      unsigned.add(begin, token("("));
      unsigned.add(token(")"));
      unsigned.add(token("+"));
      unsigned.add(token("0"));
    }
  }

  /** Not a plus: what is added is a property, a literal without a sign, or was seen here before. */
  private static boolean maySign(String image) {
    return switch (image) {
      case "-", "*", "/", "%" -> true;
      default -> false;
    };
  }

  private static Token token(String image) {
    return new Token(StrictParserConstants.EOF, image);
  }
}
