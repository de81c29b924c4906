package io.moiety.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What one class says to the log, from {@link #of} to {@link #close}. */
public final class LogLines implements AutoCloseable {
  private final Logger logger;
  private final Lines lines = new Lines();

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final Queue<String> said = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      said.add(event.getLevel() + " " + event.getFormattedMessage());
    }
  }

  private LogLines(Class<?> speaker) {
    logger = (Logger) LoggerFactory.getLogger(speaker.getName());
    logger.setLevel(Level.INFO);
    lines.setContext(logger.getLoggerContext());
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  public static LogLines of(Class<?> speaker) {
    return new LogLines(speaker);
  }

  /** Level and text of each line, in order. */
  public List<String> all() {
    return List.copyOf(lines.said);
  }

  /** Those of a level. */
  public List<String> of(System.Logger.Level level) {
    String prefix = (level == System.Logger.Level.WARNING ? "WARN" : level.name()) + " ";
    return all().stream().filter(line -> line.startsWith(prefix)).toList();
  }

  /** What was said so far does not count. */
  public void forget() {
    lines.said.clear();
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
