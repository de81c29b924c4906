package io.moiety.broker.filter;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.selector.strict.SimpleCharStream;
import org.apache.activemq.artemis.selector.strict.StrictParserConstants;
import org.apache.activemq.artemis.selector.strict.StrictParserTokenManager;
import org.apache.activemq.artemis.selector.strict.Token;
import org.apache.activemq.artemis.selector.strict.TokenMgrError;

/**
 * The LIKEs of a selector, taken out of it, since the library's are regular expressions whose time
 * has no bound. Each becomes the comparison of a property that is invented here with TRUE, or FALSE
 * for NOT LIKE; who evaluates the selector asks here for what that property is. Immutable.
 */
final class SelectorLikes {
  /** Of the patterns of all LIKEs of a selector together. */
  static final int MAX_PATTERN_CHARS = 1_000;

  private static final String INVENTED = "MOIETY$LIKE$";

  /** Those of a selector that has none. */
  static final SelectorLikes NONE = new SelectorLikes("", List.of());

  private final String text;
  private final List<Like> likes;

  /** What an invented property says about a property of the message. */
  record Like(String property, LikePattern pattern) {}

  private SelectorLikes(String text, List<Like> likes) {
    this.text = text;
    this.likes = likes;
  }

  /**
   * The tokens as the parser makes them, of a text that keeps to {@link SelectorBounds}.
   *
   * @throws BadFilterException when it has what is no token, or a number that is too large
   */
  static List<Token> tokens(String text) {
    StrictParserTokenManager source =
        new StrictParserTokenManager(
            new SimpleCharStream(new StringReader(SelectorLiterals.plain(text))));
    List<Token> tokens = new ArrayList<>();
    try {
      for (Token token = source.getNextToken();
          token.kind != StrictParserConstants.EOF;
          token = source.getNextToken()) {
        tokens.add(token);
      }
    } catch (TokenMgrError notASelector) {
      throw new BadFilterException(
          "Selector '" + text + "' cannot be understood: " + notASelector.getMessage(),
          notASelector);
    }
    return tokens;
  }

  static String text(List<Token> tokens) {
    return tokens.stream().map(token -> token.image).collect(Collectors.joining(" "));
  }

  /**
   * Takes the LIKEs out.
   *
   * @param tokens of a text that the parser understands
   * @throws BadFilterException when a LIKE is about something else than a property, or all of them
   *     have too many characters
   */
  static SelectorLikes takenOut(String text, List<Token> tokens) {
    List<String> images = new ArrayList<>();
    List<Like> likes = new ArrayList<>();
    int patternChars = 0;
    int next = 0;
    while (next < tokens.size()) {
      Token token = tokens.get(next++);
      requireNotInvented(text, token);
      if (token.kind != StrictParserConstants.LIKE) {
        images.add(token.image);
        continue;
      }
      boolean negated = tokens.get(next - 2).kind == StrictParserConstants.NOT;
      if (negated) {
        images.remove(images.size() - 1);
      }
      String property = property(text, tokens, next - (negated ? 3 : 2));
      String pattern = unquoted(tokens.get(next++).image);
      int escape = LikePattern.NO_ESCAPE;
      if (next < tokens.size() && tokens.get(next).kind == StrictParserConstants.ESCAPE) {
        escape = unquoted(tokens.get(next + 1).image).codePointAt(0);
        next += 2;
      }
      patternChars += pattern.length();
      String truth = negated ? "FALSE" : "TRUE";
      images.set(images.size() - 1, "(" + INVENTED + likes.size() + " = " + truth + ")");
      likes.add(new Like(property, new LikePattern(pattern, escape)));
    }
    if (patternChars > MAX_PATTERN_CHARS) {
      throw new BadFilterException(
          "Selector '"
              + text
              + "' has "
              + patternChars
              + " characters in LIKEs; "
              + MAX_PATTERN_CHARS
              + " are allowed");
    }
    return new SelectorLikes(String.join(" ", images), List.copyOf(likes));
  }

  boolean isEmpty() {
    return likes.isEmpty();
  }

  /** The selector without LIKEs. */
  String text() {
    return text;
  }

  static boolean isInvented(String property) {
    return property.startsWith(INVENTED);
  }

  /** What an invented property of {@link #text} stands for. */
  Like like(String invented) {
    return likes.get(Integer.parseInt(invented.substring(INVENTED.length())));
  }

  /** Jakarta Messaging 3.8.1.1 has an identifier before LIKE; the library has more. */
  private static String property(String text, List<Token> tokens, int at) {
    Token token = tokens.get(at);
    boolean quoted = token.kind == StrictParserConstants.QUOTED_ID;
    boolean partOfSum = at > 0 && isArithmetic(tokens.get(at - 1).image);
    if ((!quoted && token.kind != StrictParserConstants.ID) || partOfSum) {
      throw new BadFilterException(
          "Selector '" + text + "' has a LIKE that is not about a property, at '" + token + "'");
    }
    return quoted ? unquoted(token.image) : token.image;
  }

  static boolean isArithmetic(String image) {
    return switch (image) {
      case "+", "-", "*", "/", "%" -> true;
      default -> false;
    };
  }

  private static void requireNotInvented(String text, Token token) {
    if (token.image.contains(INVENTED) && token.kind != StrictParserConstants.STRING_LITERAL) {
      throw new BadFilterException(
          "Selector '" + text + "' has a property whose name is taken: " + token);
    }
  }

  /** What is between the first and the last character, where a quote stands twice. */
  private static String unquoted(String image) {
    String quote = image.substring(0, 1);
    return image.substring(1, image.length() - 1).replace(quote + quote, quote);
  }
}
