package io.moiety.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineLayoutTest {

  private static final String DATE_AND_TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}";

  @Test
  void saysWhenHowGraveWhereAndWhat() {
    assertThat(line(Level.WARN, null))
        .matches(
            DATE_AND_TIME
                + " WARN  \\[main-of-test] i\\.m\\.b\\.s\\.TheLongName\\w+ - 3 of 4 went\\R");
  }

  @Test
  void addsTheStackTraceAndItsCause() {
    Throwable failure = new IllegalStateException("no room", new RuntimeException("disk full"));

    assertThat(line(Level.ERROR, failure).lines())
        .first()
        .asString()
        .contains(" ERROR [")
        .endsWith("3 of 4 went");
    assertThat(line(Level.ERROR, failure))
        .contains("java.lang.IllegalStateException: no room")
        .contains("\tat " + getClass().getName())
        .contains("Caused by: java.lang.RuntimeException: disk full");
  }

  private static String line(Level level, @Nullable Throwable failure) {
    LoggerContext context = new LoggerContext();
    LineLayout layout = new LineLayout();
    layout.setContext(context);
    layout.start();
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("io.moiety.broker.store.TheLongNameOfSomeClass"),
            level,
            "{} of {} went",
            failure,
            new Object[] {3, 4});
    event.setThreadName("main-of-test");
    return layout.doLayout(event);
  }
}
