package io.moiety.jms;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Listens to the log for acknowledgements that went with their connection, since their messages may
 * come again and nobody is told otherwise.
 */
final class LostAcknowledgements extends Handler {

  /** Held here, since the log manager forgets loggers and their handlers. */
  private final List<Logger> loggers =
      List.of(
          Logger.getLogger(Deliveries.class.getName()), Logger.getLogger(Handover.class.getName()));

  private final AtomicBoolean heardOf = new AtomicBoolean();

  LostAcknowledgements() {
    for (Logger logger : loggers) {
      logger.setLevel(Level.FINE);
      logger.addHandler(this);
    }
  }

  /** True when there were some since the last call. */
  boolean since() {
    return heardOf.getAndSet(false);
  }

  @Override
  public void publish(LogRecord told) {
    if (told.getMessage().contains("come again")) {
      heardOf.set(true);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    loggers.forEach(logger -> logger.removeHandler(this));
  }
}
