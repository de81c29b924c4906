package io.moiety.broker.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.filter.SelectorModel.Term;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.TypedProperties;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Random selectors over random properties are true, false or unknown as {@link SelectorModel} says,
 * whether written with all brackets or with those alone that precedence asks for. More of them with
 * {@code -Djqwik.tries.default=1000000}.
 */
final class SelectorPropertyTest {

  private static final List<String> NUMBERS = List.of("tiny", "small", "n", "big", "half", "ratio");
  private static final List<String> TEXTS = List.of("name", "text", "odd");
  private static final List<String> FLAGS = List.of("yes", "no");

  record Case(Map<String, Object> properties, Term condition) {}

  @Provide
  Arbitrary<Case> cases() {
    return properties()
        .flatMap(
            properties ->
                new Expressions(properties)
                    .conditions(3)
                    .map(condition -> new Case(properties, condition)));
  }

  private static Arbitrary<Map<String, Object>> properties() {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(-3, 9);
    Arbitrary<String> texts = Arbitraries.strings().withChars("ab%_!'").ofMaxLength(4);
    return Combinators.combine(
            numbers.list().ofSize(NUMBERS.size()),
            texts.list().ofSize(TEXTS.size()),
            Arbitraries.of(true, false).list().ofSize(FLAGS.size()),
            Arbitraries.of(NUMBERS.get(2), "ratio", "name", "yes", "nothing").set())
        .as(SelectorPropertyTest::properties);
  }

  private static Map<String, Object> properties(
      List<Integer> numbers, List<String> texts, List<Boolean> flags, Set<String> gone) {
    Map<String, Object> all = new TreeMap<>();
    all.put("tiny", numbers.get(0).byteValue());
    all.put("small", numbers.get(1).shortValue());
    all.put("n", numbers.get(2));
    all.put("big", numbers.get(3).longValue());
    all.put("half", numbers.get(4) / 2f);
    all.put("ratio", numbers.get(5) / 4.0);
    for (int i = 0; i < texts.size(); i++) {
      all.put(TEXTS.get(i), texts.get(i));
    }
    for (int i = 0; i < flags.size(); i++) {
      all.put(FLAGS.get(i), flags.get(i));
    }
    all.keySet().removeAll(gone);
    return all;
  }

  /** Expressions over the properties of one message. */
  private record Expressions(Map<String, Object> properties) {

    private Arbitrary<Term> property(List<String> names) {
      return Arbitraries.of(names).map(name -> Term.property(name, properties.get(name)));
    }

    private Arbitrary<Term> number(int depth) {
      Arbitrary<Term> whole =
          Combinators.combine(
                  Arbitraries.integers().between(0, 9), Arbitraries.of("%d", "%dL", "0x%x", "0%ol"))
              .as((value, form) -> Term.written(form.formatted(value), value));
      Arbitrary<Term> broken =
          Combinators.combine(
                  Arbitraries.integers().between(0, 19).map(quarters -> quarters / 4.0),
                  Arbitraries.of("%s", "%sd", "%sF", "%se0", "0%s"))
              .as((value, form) -> Term.written(form.formatted(value), value));
      Arbitrary<Term> leaf = Arbitraries.oneOf(property(NUMBERS), whole, broken);
      if (depth == 0) {
        return leaf;
      }
      Arbitrary<Term> inner = number(depth - 1);
      Arbitrary<Term> divisor = Arbitraries.of(1, 2, 4, 2.0).map(Term::literal);
      return Arbitraries.oneOf(
          leaf,
          inner.map(SelectorModel::negative),
          Combinators.combine(Arbitraries.of("+", "-", "*"), inner, inner)
              .as(SelectorModel::arithmetic),
          Combinators.combine(inner, divisor)
              .as((left, right) -> SelectorModel.arithmetic("/", left, right)));
    }

    private Arbitrary<Term> text() {
      return Arbitraries.oneOf(property(TEXTS), texts().map(Term::literal));
    }

    private static Arbitrary<String> texts() {
      return Arbitraries.strings().withChars("ab%_!'").ofMaxLength(4);
    }

    private Arbitrary<Term> flag() {
      return Arbitraries.oneOf(property(FLAGS), Arbitraries.of(true, false).map(Term::literal));
    }

    private Arbitrary<Term> comparison() {
      Arbitrary<Boolean> negated = Arbitraries.of(true, false);
      Arbitrary<@Nullable Character> escape = Arbitraries.of('!', 'a').injectNull(0.5);
      return Arbitraries.oneOf(
          Combinators.combine(Arbitraries.of("=", "<>", "<", "<=", ">", ">="), number(2), number(2))
              .as(SelectorModel::comparison),
          Combinators.combine(Arbitraries.of("=", "<>"), property(TEXTS), text())
              .as(SelectorModel::comparison),
          Combinators.combine(Arbitraries.of("=", "<>"), property(FLAGS), flag())
              .as(SelectorModel::comparison),
          Combinators.combine(negated, number(1), number(1), number(1)).as(SelectorModel::between),
          Combinators.combine(negated, property(TEXTS), texts().list().ofMinSize(1).ofMaxSize(3))
              .as(SelectorModel::in),
          Combinators.combine(negated, property(TEXTS), texts(), escape)
              .filter((not, property, pattern, by) -> SelectorModel.isPattern(pattern, by))
              .as(SelectorModel::like),
          Combinators.combine(
                  negated, Arbitraries.oneOf(property(NUMBERS), property(TEXTS), property(FLAGS)))
              .as(SelectorModel::isNull),
          property(FLAGS));
    }

    Arbitrary<Term> conditions(int depth) {
      if (depth == 0) {
        return comparison();
      }
      Arbitrary<Term> inner = conditions(depth - 1);
      return Arbitraries.oneOf(
          comparison(),
          inner.map(SelectorModel::not),
          Combinators.combine(inner, inner).as(SelectorModel::and),
          Combinators.combine(inner, inner).as(SelectorModel::or));
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void selectorsAreWhatTheSpecificationsTablesMakeOfThem(@ForAll("cases") Case of) {
    RecordView message =
        Messages.with(TypedProperties.write(MessageProperties.of(Map.of()), of.properties()));
    Term condition = of.condition();
    for (String text : List.of(condition.minimal(), condition.bracketed())) {
      assertThat(truth(text, message)).as(text).isEqualTo(condition.value());
    }
  }

  /** Null for unknown: then neither the selector nor its negation selects. */
  private static @Nullable Boolean truth(String text, RecordView message) {
    boolean matches = matches(text, message);
    boolean negationMatches = matches("NOT (" + text + ")", message);
    assertThat(matches && negationMatches).as(text).isFalse();
    return (matches || negationMatches) ? matches : null;
  }

  private static boolean matches(String text, RecordView message) {
    return Selector.compile(SelectorDialect.JAKARTA_MESSAGING, text).matches(message);
  }
}
