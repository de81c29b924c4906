package io.moiety.broker.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.selector.strict.StrictParserConstants;
import org.apache.activemq.artemis.selector.strict.Token;

/**
 * Equalities in words that the library takes as Jakarta Messaging 3.8.1.2 does: what is equal to
 * nothing is unknown. For the library {@code 1 = missing} is false, and {@code missing = missing}
 * true; with the property first, or by {@code <=} and {@code >=}, it gets it right. Stateless.
 */
final class SelectorEqualities {

  /** What ends an operand. */
  private static final Set<Integer> LOGIC =
      Set.of(
          StrictParserConstants.AND,
          StrictParserConstants.OR,
          StrictParserConstants.NOT,
          StrictParserConstants.IS,
          StrictParserConstants.IN,
          StrictParserConstants.LIKE,
          StrictParserConstants.BETWEEN);

  private SelectorEqualities() {}

  /** The same selector in those words. What is no selector stays none. */
  static List<Token> reworded(List<Token> tokens) {
    List<Token> reworded = new ArrayList<>(tokens);
    for (int i = tokens.size() - 1; i >= 0; i--) {
      if (isEquality(tokens.get(i))) {
        int begin = begin(tokens, i);
        int end = end(tokens, i);
        if (isAlone(tokens, begin, end)) {
          List<Token> equality = reworded.subList(begin, end);
          List<Token> other =
              reworded(tokens.subList(begin, i), tokens.get(i), tokens.subList(i + 1, end));
          equality.clear();
          equality.addAll(other);
        }
      }
    }
    return reworded;
  }

  private static List<Token> reworded(List<Token> left, Token equality, List<Token> right) {
    List<Token> reworded = new ArrayList<>();
    if (!mayBeAbsent(left) || !mayBeAbsent(right)) {
      boolean turned = !mayBeAbsent(left) && (mayBeAbsent(right) || isTruth(right));
      reworded.addAll(turned ? right : left);
      reworded.add(equality);
      reworded.addAll(turned ? left : right);
      return reworded;
    }
    boolean negated = equality.image.equals("<>");
    reworded.add(token("("));
    if (negated) {
      reworded.add(new Token(StrictParserConstants.NOT, "NOT"));
      reworded.add(token("("));
    }
    reworded.addAll(left);
    reworded.add(token("<="));
    reworded.addAll(right);
    reworded.add(new Token(StrictParserConstants.AND, "AND"));
    reworded.addAll(left);
    reworded.add(token(">="));
    reworded.addAll(right);
    if (negated) {
      reworded.add(token(")"));
    }
    reworded.add(token(")"));
    return reworded;
  }

  private static Token token(String image) {
    return new Token(StrictParserConstants.EOF, image);
  }

  private static boolean isEquality(Token token) {
    return token.image.equals("=") || token.image.equals("<>");
  }

  private static boolean mayBeAbsent(List<Token> operand) {
    return operand.stream()
        .anyMatch(
            token ->
                token.kind == StrictParserConstants.ID
                    || token.kind == StrictParserConstants.QUOTED_ID);
  }

  /** The library refuses what such a literal cannot be compared with only when it comes first. */
  private static boolean isTruth(List<Token> operand) {
    return operand.stream()
        .anyMatch(
            token ->
                token.kind == StrictParserConstants.TRUE
                    || token.kind == StrictParserConstants.FALSE);
  }

  private static int begin(List<Token> tokens, int equality) {
    int depth = 0;
    for (int i = equality - 1; i >= 0; i--) {
      String image = tokens.get(i).image;
      depth += image.equals(")") ? 1 : image.equals("(") ? -1 : 0;
      if (depth < 0 || (depth == 0 && LOGIC.contains(tokens.get(i).kind))) {
        return i + 1;
      }
    }
    return 0;
  }

  private static int end(List<Token> tokens, int equality) {
    int depth = 0;
    for (int i = equality + 1; i < tokens.size(); i++) {
      String image = tokens.get(i).image;
      depth += image.equals("(") ? 1 : image.equals(")") ? -1 : 0;
      if (depth < 0 || (depth == 0 && LOGIC.contains(tokens.get(i).kind))) {
        return i;
      }
    }
    return tokens.size();
  }

  /** Of numbers, text and properties; truths that are compared with others stay as they are. */
  private static boolean isAlone(List<Token> tokens, int begin, int end) {
    boolean partOfMore =
        (end < tokens.size() && tokens.get(end).kind == StrictParserConstants.IS)
            || tokens.subList(begin, end).stream().anyMatch(token -> LOGIC.contains(token.kind));
    return !partOfMore
        && tokens.subList(begin, end).stream().filter(SelectorBounds::compares).count() == 1;
  }
}
