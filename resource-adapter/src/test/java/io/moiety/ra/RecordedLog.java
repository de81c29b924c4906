package io.moiety.ra;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs while it is open. */
public final class RecordedLog extends Handler implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;

  private RecordedLog(Logger logger) {
    this.logger = logger;
  }

  public static RecordedLog of(Class<?> type) {
    Logger logger = Logger.getLogger(type.getName());
    RecordedLog log = new RecordedLog(logger);
    log.setLevel(Level.ALL);
    logger.addHandler(log);
    return log;
  }

  /** Each with its level before it. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public void publish(LogRecord line) {
    Object[] parameters = line.getParameters();
    lines.add(
        line.getLevel()
            + " "
            + (parameters == null || parameters.length == 0
                ? line.getMessage()
                : MessageFormat.format(line.getMessage(), parameters)));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
