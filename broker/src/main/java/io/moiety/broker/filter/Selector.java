package io.moiety.broker.filter;

import io.moiety.protocol.RecordView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.selector.filter.BooleanExpression;
import org.apache.activemq.artemis.selector.filter.FilterException;
import org.apache.activemq.artemis.selector.impl.SelectorParser;
import org.apache.activemq.artemis.selector.strict.Token;

/** A compiled selector. Immutable and thread-safe; equal when dialect and text are. */
final class Selector implements MessageFilter {
  private static final Logger LOG = System.getLogger(Selector.class.getName());

  /** The parser takes such a prefix as a switch of its own; in a selector it is a syntax error. */
  private static final Pattern PARSER_SWITCH = Pattern.compile("[a-z_]+:.*", Pattern.DOTALL);

  private final SelectorDialect dialect;
  private final String text;
  private final BooleanExpression expression;
  private final SelectorLikes likes;

  private Selector(
      SelectorDialect dialect, String text, BooleanExpression expression, SelectorLikes likes) {
    this.dialect = dialect;
    this.text = text;
    this.expression = expression;
    this.likes = likes;
  }

  static Selector compile(SelectorDialect dialect, String text) {
    SelectorBounds.check(text);
    if (PARSER_SWITCH.matcher(text).matches()) {
      throw new BadFilterException("Selector '" + text + "' begins with a word and a colon");
    }
    List<Token> tokens = SelectorLikes.tokens(text);
    SelectorBounds.check(text, tokens);
    SelectorCalculations.check(text, tokens);
    List<Token> clear =
        SelectorNegations.bracketed(SelectorEqualities.reworded(SelectorZeros.unsigned(tokens)));
    BooleanExpression expression = parse(dialect, text, SelectorLikes.text(clear));
    SelectorLikes likes = SelectorLikes.takenOut(text, clear);
    return new Selector(
        dialect, text, likes.isEmpty() ? expression : parse(dialect, text, likes.text()), likes);
  }

  /**
   * @param text as it was given
   * @param equivalent what the library understands as the specification would
   */
  private static BooleanExpression parse(SelectorDialect dialect, String text, String equivalent) {
    try {
      return SelectorParser.parse(dialect.parserSwitch() + equivalent);
    } catch (FilterException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new BadFilterException(
          "Selector '" + text + "' cannot be understood: " + reason.getMessage(), e);
    }
  }

  @Override
  public boolean matches(RecordView message) {
    try {
      return expression.matches(new SelectedMessage(message, likes));
    } catch (FilterException | RuntimeException e) {
      // Broad, since the library throws what it likes at odd messages, and those must not stop the
      // others. Jakarta Messaging 3.8.1.2: what cannot be evaluated is unknown, so no match.
      LOG.log(
          Level.DEBUG,
          () -> "Selector '" + text + "' does not apply to the message at " + message.position(),
          e);
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Selector selector
        && selector.dialect == dialect
        && selector.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
