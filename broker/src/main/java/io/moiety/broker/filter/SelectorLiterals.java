package io.moiety.broker.filter;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of selectors, written as the library's parser knows them. Jakarta Messaging 3.8.1.1 has
 * them in the syntax of the Java language, of which the parser lacks {@code 7d}, {@code 7.5f},
 * {@code 0L}, {@code 0x1FL}, {@code 0b11}, {@code 1_000} and {@code 0x1p3}. Stateless.
 *
 * <p>Whole numbers are those of a long. Hexadecimal, octal and binary ones are as large as they are
 * written: {@code 0xFFFFFFFF} is 4,294,967,295, with and without an {@code L}.
 */
final class SelectorLiterals {

  private static final String DIGITS = "[0-9](?:[0-9_]*[0-9])?";
  private static final String HEX_DIGITS = "[0-9a-fA-F](?:[0-9a-fA-F_]*[0-9a-fA-F])?";
  private static final String EXPONENT = "[eE][+-]?" + DIGITS;

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<hexFloat>0[xX](?:%2$s\\.?|(?:%2$s)?\\.%2$s)[pP][+-]?%1$s[fFdD]?)"
                  .formatted(DIGITS, HEX_DIGITS)
              + "|0[xX](?<hex>%s)[lL]?".formatted(HEX_DIGITS)
              + "|0[bB](?<binary>[01](?:[01_]*[01])?)[lL]?"
              + "|(?<float>(?:%1$s\\.(?:%1$s)?|\\.%1$s)(?:%2$s)?[fFdD]?|%1$s(?:%2$s[fFdD]?|[fFdD]))"
                  .formatted(DIGITS, EXPONENT)
              + "|(?<octal>0(?:[0-7_]*[0-7])?)[lL]?"
              + "|(?<decimal>%s)[lL]?".formatted(DIGITS));

  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private SelectorLiterals() {}

  /**
   * The same selector with those numbers, each followed by a space. What is no selector stays none.
   *
   * @throws BadFilterException when a number is too large
   */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length() + 16);
    Matcher number = NUMBER.matcher(text);
    int at = 0;
    while (at < text.length()) {
      int end = endOfQuoteOrName(text, at);
      if (end > at) {
        plain.append(text, at, end);
        at = end;
      } else if (number.region(at, text.length()).lookingAt()) {
        plain.append(value(text, number, isNegated(plain))).append(' ');
        at = number.end();
      } else {
        plain.append(text.charAt(at++));
      }
    }
    return plain.toString();
  }

  /** Digits there are no numbers; the start when there is neither. */
  private static int endOfQuoteOrName(String text, int at) {
    char first = text.charAt(at);
    if (first == '\'' || first == '"') {
      int end = text.indexOf(first, at + 1);
      return end < 0 ? text.length() : end + 1;
    }
    int end = at;
    if (Character.isJavaIdentifierStart(first)) {
      while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
        end++;
      }
    }
    return end;
  }

  private static boolean isNegated(StringBuilder before) {
    int last = before.length() - 1;
    while (last >= 0 && Character.isWhitespace(before.charAt(last))) {
      last--;
    }
    return last >= 0 && before.charAt(last) == '-';
  }

  private static String value(String text, Matcher number, boolean isNegated) {
    if (number.group("hexFloat") != null || number.group("float") != null) {
      return approximate(text, number.group().replace("_", ""));
    }
    if (number.group("hex") != null) {
      return exact(text, number.group("hex"), 16, MAX);
    } else if (number.group("binary") != null) {
      return exact(text, number.group("binary"), 2, MAX);
    } else if (number.group("octal") != null) {
      return exact(text, number.group("octal"), 8, MAX);
    }
    return exact(text, number.group("decimal"), 10, isNegated ? MAX.add(BigInteger.ONE) : MAX);
  }

  private static String exact(String text, String digits, int radix, BigInteger max) {
    BigInteger value = new BigInteger(digits.replace("_", ""), radix);
    if (value.compareTo(max) > 0) {
      throw tooLarge(text, digits, "long");
    }
    return value.toString();
  }

  /** A float is what its digits are as a float, so that it equals the property that was set so. */
  private static String approximate(String text, String literal) {
    boolean isFloat = literal.endsWith("f") || literal.endsWith("F");
    double value = isFloat ? Float.parseFloat(literal) : Double.parseDouble(literal);
    if (Double.isInfinite(value)) {
      throw tooLarge(text, literal, isFloat ? "float" : "double");
    }
    return Double.toString(value);
  }

  private static BadFilterException tooLarge(String text, String literal, String type) {
    return new BadFilterException(
        "Selector '" + text + "' has the number " + literal + ", which no " + type + " can hold");
  }
}
