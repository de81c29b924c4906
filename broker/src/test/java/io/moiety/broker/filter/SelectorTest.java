package io.moiety.broker.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.TypedProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectorTest {
  private final Selectors selectors = new Selectors();
  private final RecordView message =
      Messages.with(
          TypedProperties.write(
              MessageProperties.of(
                  Map.of(
                      PropertyNames.UNIQUE_KEY,
                      "AB",
                      PropertyNames.CORRELATION_ID,
                      "c1",
                      PropertyNames.JMS_TYPE,
                      "order",
                      PropertyNames.JMS_PRIORITY,
                      "7",
                      PropertyNames.JMSX_GROUP_SEQ,
                      "3",
                      PropertyNames.JMS_EXPIRATION,
                      "1700000060000",
                      PropertyNames.JMS_DELIVERY_TIME,
                      "1700000030000",
                      PropertyNames.TAGS,
                      "red",
                      "odd",
                      "a%_!b",
                      "wide",
                      "\uD83D\uDE00")),
              Map.of(
                  "name", "it's", "n", 5, "small", (byte) 3, "big", 1L << 40, "ratio", 0.5, "half",
                  0.5f, "yes", true, "text", "5", "KEYS", "mine", "no-name", "x")));

  /** Zeros of both signs, what a float rounds, and the ends of a long. */
  private final RecordView numbers =
      Messages.with(
          TypedProperties.write(
              MessageProperties.of(Map.of()),
              Map.of(
                  "zero",
                  0.0,
                  "minus",
                  -0.0,
                  "minusf",
                  -0.0f,
                  "tenth",
                  0.1f,
                  "none",
                  0,
                  "min",
                  Long.MIN_VALUE,
                  "max",
                  Long.MAX_VALUE,
                  "below",
                  -2.0)));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name = 'it''s'",
        "n = 5 AND n < 5.5 AND n BETWEEN 1 AND 5",
        "small = 3 AND 3 = small AND small < n AND n > small",
        "big > 1000000 AND big = 1099511627776",
        "ratio = 0.5 AND half = ratio",
        "yes AND NOT (yes = FALSE)",
        "missing IS NULL AND n IS NOT NULL",
        "name LIKE 'it%' AND name LIKE '__''_' AND name NOT LIKE 'x%'",
        "\"name\" like '%t%' AND NOT name LIKE '' AND (name not like 'i' OR n = 6)",
        "odd LIKE 'a!%!_!!%' ESCAPE '!' AND odd NOT LIKE 'a!_%' ESCAPE '!' AND odd LIKE '%!b'",
        "wide LIKE '_' AND wide NOT LIKE '__' AND n NOT LIKE '5'",
        "name IN ('a', 'it''s')",
        "n + 1 = 6 AND n * 2 > 9 AND -n < 0",
        "JMSPriority = 7 AND JMSDeliveryMode = 'PERSISTENT' AND JMSType = 'order'",
        "JMSMessageID = 'ID:AB' AND JMSCorrelationID = 'c1' AND JMSTimestamp = 1700000000000",
        "JMSXGroupSeq = 3 AND JMSXGroupID IS NULL",
        "JMSExpiration = 1700000060000 AND JMSDeliveryTime = 1700000030000",
        "JMS_MOIETY_Tags = 'red' AND TAGS = 'red'",
        "\"no-name\" = 'x' AND \"no-name\" LIKE '_' AND \"n\" = n",
        "missing = 1 OR n = 5",
        "NOT n = 6 AND NOT n BETWEEN 6 AND 7 AND NOT name IN ('x') AND NOT missing IS NOT NULL",
        "NOT NOT n = 5 AND NOT (n) = 6 AND NOT n + 1 < 6 AND (NOT n = 6 OR n = 6)",
      })
  void matches(String selector) {
    assertThat(matches(SelectorDialect.JAKARTA_MESSAGING, selector)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text = 5",
        "text > 4",
        "missing = 1",
        "NOT (missing = 1)",
        "missing <> 1 AND missing > 1",
        "name = 5",
        "JMSDeliveryMode = 'NON_PERSISTENT'",
        "n / 0 = 1",
        "n <> missing OR NOT 5 = missing OR 'a' <> missing OR missing = missing",
        "NOT (n = 5)",
        "n LIKE '5' OR missing LIKE '%' OR missing NOT LIKE '%'",
      })
  void doesNotMatch(String selector) {
    assertThat(matches(SelectorDialect.JAKARTA_MESSAGING, selector)).isFalse();
  }

  /** Jakarta Messaging 3.8.1.1 has the literals of the Java language. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "n = 5L AND n = 5l AND n = 5d AND n = 5D AND n = 5f AND n = 5F",
        "n = 5. AND n = 5.0 AND n = 5.0f AND n = .5e1 AND n = 50E-1d AND n = 5.e+0 AND n = 05.0",
        "n = 05 AND n = 0_5L AND n = 0x5 AND n = 0X5L AND n = 0b101 AND n = 0B1_01l",
        "n = 0x1.4p2 AND n = 0xA.P-1f AND n = 0x.ap+3D AND n <> 0x1d AND n < 0x1d",
        "n * 1_000 = 5__000 AND n + 035 = 34 AND n - 0x1f = -26 AND n > 0L AND n > -0x5L",
        "n BETWEEN 5d AND 0x5 AND n NOT BETWEEN 5.1f AND 9L AND n=5AND n=5",
        "name <> '7d' AND name <> '0x' AND \"n\" = 5d AND n IS NOT NULL",
        "big = 0x100_0000_0000 AND big = 02_0000000000000 AND big > 0xFFFFFFFF AND big > 4294967294",
      })
  void readsNumbersAsTheJavaLanguageWritesThem(String selector) {
    assertThat(matches(SelectorDialect.JAKARTA_MESSAGING, selector)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n = 08",
        "n = 5_",
        "n = 0x",
        "n = 0xG",
        "n = 0b2",
        "n = 0b12",
        "n = 1e",
        "n = 5dd",
        "n = 5LL",
        "n = 1.2.3",
        "n = 5.5L",
        "n = 0x1.8",
        "n = _5d 5",
        "n = 0_9",
        "n = 5d5",
        "n = 9223372036854775808",
        "n = -9223372036854775809",
        "n = 0x8000000000000000",
        "n = 1e309",
        "n = 1e39f",
        "n < 99999999999999999999"
      })
  void refusesWhatIsNoNumberOfTheJavaLanguage(String selector) {
    assertThatThrownBy(() -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, selector))
        .isInstanceOf(BadFilterException.class)
        .hasMessageContaining(selector);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "min = -9223372036854775808 AND max = 9223372036854775807",
        "min = -9223372036854775808L AND max = 9223372036854775807L AND max = 0x7FFFFFFFFFFFFFFF",
        "tenth = 0.1f AND tenth <> 0.1",
      })
  void numbersAreWhatTheirTypeHolds(String selector) {
    assertThat(selectors.compile(SelectorDialect.JAKARTA_MESSAGING, selector).matches(numbers))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zero = 0 AND zero = 0.0 AND zero = -0.0 AND zero = -0 AND -zero = 0 AND zero = - 0d",
        "minus = 0 AND minus = 0.0 AND minus = -0.0 AND minus = zero AND -minus = 0 AND minusf = 0",
        "NOT minus < 0 AND minus >= 0 AND NOT zero > -0.0 AND zero <= -0.0 AND 0 <= -zero",
        "zero BETWEEN -1 AND -0.0 AND minus BETWEEN 0 AND 1 AND -minus BETWEEN -zero AND -minus",
        "NOT zero <> -0.0 AND NOT (below * 0 <> 0) AND below * none = 0 AND zero * below = zero",
        "(zero * -1) = none AND (-zero) + (-minus) = 0 AND zero / below = 0 AND -(-(-zero)) >= 0",
      })
  void zeroHasNoSign(String selector) {
    assertThat(selectors.compile(SelectorDialect.JAKARTA_MESSAGING, selector).matches(numbers))
        .isTrue();
  }

  @Test
  void rocketMqComparesTextWithNumbers() {
    assertThat(matches(SelectorDialect.ROCKETMQ, "text = 5 AND text > 4 AND text < 10")).isTrue();
    assertThat(matches(SelectorDialect.ROCKETMQ, "name > 4")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n =",
        "n = 5 5",
        "= 5",
        "(n = 5",
        "'a' > 3",
        "n LIKE 5",
        "n ~ 5",
        "hyphenated_props:n = 5",
      })
  void refusesWhatCannotBeUnderstoodAndNamesIt(String selector) {
    assertThatThrownBy(() -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, selector))
        .isInstanceOf(BadFilterException.class)
        .hasMessageContaining(selector);
  }

  /** Jakarta Messaging 3.8.1.1: words are no identifiers, and types have operators of their own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "NULL = 0",
        "TRUE = 0",
        "FALSE = 0",
        "NOT = 0",
        "AND = 0",
        "OR = 0",
        "BETWEEN = 0",
        "LIKE = 0",
        "IN = 0",
        "IS = 0",
        "ESCAPE = 0",
        "0 = NULL",
        "0 = TRUE",
        "0 <> FALSE",
        "TRUE = 'a'",
        "'a' = TRUE",
        "1.5 = (FALSE)",
        "n > 'a'",
        "n >= 'a'",
        "n < 'a'",
        "n <= 'a'",
        "'a' > TRUE",
        "'a' >= TRUE",
        "'a' < TRUE",
        "'a' <= TRUE",
        "TRUE > 0",
        "n BETWEEN 'a' AND 'b'",
        "n NOT BETWEEN TRUE AND FALSE",
        "name IN (1, 2)",
        "name NOT IN (1,2,3)",
        "name IN ('a', 1)",
        "name LIKE 7",
        "name LIKE 'a' ESCAPE 'ab'",
        "=name 'a'",
        "TRUE + 1 = 2",
        "2 = 1 + (TRUE)",
        "n = -FALSE",
        "yes AND n * ((TRUE)) > 0",
        "FALSE / 2 < n OR yes",
        "n % TRUE IS NULL",
        "'a' + 1 = 'a1'",
        "name = text + ('a')",
        "n = -'5'"
      })
  void refusesComparisonsThatNoTypeHas(String selector) {
    assertThatThrownBy(() -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, selector))
        .isInstanceOf(BadFilterException.class)
        .hasMessageContaining(selector);
  }

  @Test
  void truthsAreComparedOnEitherSide() {
    assertThat(
            matches(
                SelectorDialect.JAKARTA_MESSAGING,
                "TRUE = TRUE AND TRUE <> FALSE AND FALSE <> yes AND yes = TRUE AND TRUE = yes"))
        .isTrue();
  }

  @Test
  void refusesWhatIsTooLong() {
    assertRefused("n = 5" + " ".repeat(SelectorBounds.MAX_CHARS), "too long");
  }

  /** The parser and its expressions recurse. */
  @Test
  void refusesWhatNestsDeeperThanTheStackAndTakesWhatNestsALittle() {
    for (int times : new int[] {8, 500}) {
      List<String> nested =
          List.of(
              "(".repeat(times) + "yes" + ")".repeat(times),
              "n = " + "-".repeat(times) + "5",
              "n <> " + "+".repeat(times) + "6",
              "n < " + "1 + ".repeat(times) + "1",
              "NOT ".repeat(times) + "yes",
              "yes = ".repeat(times) + "yes");
      if (times > SelectorBounds.MAX_NESTING) {
        nested.forEach(selector -> assertRefused(selector, "nests too deep"));
      } else {
        nested.forEach(
            selector ->
                assertThat(matches(SelectorDialect.JAKARTA_MESSAGING, selector))
                    .as(selector)
                    .isTrue());
      }
    }
  }

  @Test
  void refusesWhatJakartaMessagingDoesNotHave() {
    assertRefused("n = 5 /* ' */", "comment");
    assertRefused("n = 5 -- '\n", "comment");
    assertRefused("XPATH '//a'", "body");
    assertRefused("'it' LIKE 'it%'", "not about a property");
    assertRefused("n + name LIKE 'it%'", "not about a property");
    assertRefused("MOIETY$LIKE$0 AND name LIKE 'it%'", "is taken");
  }

  /** With a regular expression for LIKE this takes longer than anyone waits. */
  @Test
  @Timeout(30)
  void likeOfManyWildcardsTakesNoTime() {
    RecordView large = Messages.with(MessageProperties.of(Map.of("text", "a".repeat(30_000))));
    MessageFilter filter =
        selectors.compile(SelectorDialect.ROCKETMQ, "text LIKE '%a%a%a%a%a%a%a%a%a%b'");
    assertThat(filter.matches(large)).isFalse();
    assertRefused("text LIKE '" + "a%".repeat(501) + "'", "1000 are allowed");
  }

  private void assertRefused(String selector, String reason) {
    assertThatThrownBy(() -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, selector))
        .isInstanceOf(BadFilterException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void blankWantsEverything() {
    assertThat(selectors.compile(SelectorDialect.JAKARTA_MESSAGING, "  "))
        .isEqualTo(MessageFilter.ALL);
  }

  @Test
  void compilesATextOnceAndForgetsTheOldest() {
    MessageFilter first = selectors.compile(SelectorDialect.JAKARTA_MESSAGING, "n = 0");
    assertThat(selectors.compile(SelectorDialect.JAKARTA_MESSAGING, "n = 0")).isSameAs(first);
    for (int i = 1; i <= 2_000; i++) {
      selectors.compile(SelectorDialect.JAKARTA_MESSAGING, "n = " + i);
    }
    assertThat(selectors.remembered()).isEqualTo(1_000);
    MessageFilter again = selectors.compile(SelectorDialect.JAKARTA_MESSAGING, "n = 0");
    assertThat(again).isNotSameAs(first).isEqualTo(first);
  }

  private boolean matches(SelectorDialect dialect, String selector) {
    return selectors.compile(dialect, selector).matches(message);
  }
}
