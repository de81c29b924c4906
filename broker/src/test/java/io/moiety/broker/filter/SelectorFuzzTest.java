package io.moiety.broker.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.TypedProperties;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.activemq.artemis.selector.filter.BooleanExpression;
import org.apache.activemq.artemis.selector.filter.FilterException;
import org.apache.activemq.artemis.selector.impl.SelectorParser;

/** Selectors and tag expressions as clients may send them, against a large and a small message. */
class SelectorFuzzTest {

  private static final Duration AT_MOST = Duration.ofSeconds(10);

  /** A quarter of what threads usually have: the others' part of the stack is deep already. */
  private static final long STACK_BYTES = 256 * 1024;

  private static final RecordView LARGE = message("a".repeat(30_000));
  private static final RecordView SMALL = message("aba");

  @FuzzTest
  void isRefusedOrEvaluatedInBoundedTimeAndStack(byte[] utf8) throws InterruptedException {
    String text = new String(utf8, UTF_8);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread withLittleStack = new Thread(null, () -> evaluate(text), "selector", STACK_BYTES);
    withLittleStack.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
    withLittleStack.setDaemon(true);
    withLittleStack.start();
    withLittleStack.join(AT_MOST.toMillis());
    assertThat(withLittleStack.isAlive()).as("still evaluated after %s", AT_MOST).isFalse();
    assertThat(failure.get()).isNull();
  }

  private static void evaluate(String text) {
    for (SelectorDialect dialect : SelectorDialect.values()) {
      try {
        Selector selector = Selector.compile(dialect, text);
        selector.matches(LARGE);
        boolean matches = selector.matches(SMALL);
        if (text.chars().allMatch(c -> c >= ' ' && c < 127)) {
          assertThat(matches).isEqualTo(matchesWithLikesOfTheLibrary(dialect, text));
        }
      } catch (BadFilterException refused) {
        assertThat(refused).hasMessageStartingWith("Selector ");
      }
    }
    try {
      MessageFilter tags = TagFilter.parse(text);
      tags.mayMatch(TagFilter.codeOf("aba"));
      assertThat(tags.matches(SMALL) && !tags.mayMatch(TagFilter.codeOf("aba"))).isFalse();
    } catch (BadFilterException refused) {
      assertThat(refused).hasMessageStartingWith("Tag expression ");
    }
  }

  private static boolean matchesWithLikesOfTheLibrary(SelectorDialect dialect, String text) {
    try {
      BooleanExpression expression = SelectorParser.parse(dialect.parserSwitch() + text);
      return expression.matches(new SelectedMessage(SMALL, SelectorLikes.NONE));
    } catch (FilterException | RuntimeException unknown) {
      return false;
    }
  }

  private static RecordView message(String value) {
    return Messages.with(
        TypedProperties.write(
            MessageProperties.of(Map.of(PropertyNames.TAGS, "aba")),
            Map.of("a", value, "n", 5, "b", true, "x", 0.5)));
  }
}
