package io.moiety.broker.cli;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.util.CachingDateFormatter;

/**
 * A line for an event, and its stack trace: date and time, level, thread, logger, message. Fixed,
 * since a pattern would have Logback load a class for everything that a pattern can hold.
 *
 * <p>Any thread; the dates and names that it remembers look after themselves.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {

  private static final int LEVEL_CHARS = 5;
  private static final int LOGGER_CHARS = 24;

  private final CachingDateFormatter dates = new CachingDateFormatter("yyyy-MM-dd HH:mm:ss.SSS");
  private final TargetLengthBasedClassNameAbbreviator names =
      new TargetLengthBasedClassNameAbbreviator(LOGGER_CHARS);
  private final ThrowableProxyConverter traces = new ThrowableProxyConverter();

  @Override
  public void start() {
    traces.start();
    super.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    String level = event.getLevel().toString();
    StringBuilder line = new StringBuilder(128);
    line.append(dates.format(event.getTimeStamp())).append(' ').append(level);
    line.append(" ".repeat(Math.max(1, 1 + LEVEL_CHARS - level.length())));
    line.append('[').append(event.getThreadName()).append("] ");
    line.append(names.abbreviate(event.getLoggerName())).append(" - ");
    line.append(event.getFormattedMessage()).append(System.lineSeparator());
    if (event.getThrowableProxy() != null) {
      line.append(traces.convert(event));
    }
    return line.toString();
  }
}
