package io.moiety.jms;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Listens to the log for messages that came a second time when an acknowledgement went with its
 * connection, since nobody is told otherwise. Only connections that are made again are heard of.
 *
 * <p>Thread-safe: its monitor guards what it heard.
 */
final class RepeatedMessages extends Handler {

  private static final int PLACE = 4;

  /** Held here, since the log manager forgets loggers and their handlers. */
  private final List<Logger> loggers =
      List.of(
          Logger.getLogger(Deliveries.class.getName()),
          Logger.getLogger(Handover.class.getName()),
          Logger.getLogger(ResumingConsumer.class.getName()));

  private final Set<List<Object>> placesHandedOver = new HashSet<>();
  private boolean isAcknowledgementLost;
  private boolean isOneHandedOverAgain;

  RepeatedMessages() {
    for (Logger logger : loggers) {
      logger.setLevel(Level.FINER);
      logger.addHandler(this);
    }
  }

  /** True when there were some since the last call. */
  synchronized boolean since() {
    boolean were = isAcknowledgementLost && isOneHandedOverAgain;
    placesHandedOver.clear();
    isAcknowledgementLost = false;
    isOneHandedOverAgain = false;
    return were;
  }

  @Override
  public synchronized void publish(LogRecord told) {
    if (told.getMessage().startsWith("Handed over")) {
      List<Object> place = Arrays.asList(told.getParameters()).subList(0, PLACE);
      isOneHandedOverAgain |= !placesHandedOver.add(place);
    } else if (told.getMessage().contains("come again")) {
      isAcknowledgementLost = true;
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    loggers.forEach(logger -> logger.removeHandler(this));
  }
}
