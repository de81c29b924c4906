package io.moiety.ra.metrics;

/** One message-driven bean that receives, as JMX shows it and lets it be paused. */
public interface ActivationMXBean {

  /** The queue or topic that it receives from. */
  String getDestination();

  /** {@code CONNECTING}, {@code RECEIVING}, {@code PAUSED} or {@code STOPPED}. */
  String getState();

  /** Messages that the bean took. */
  long getTaken();

  /** Calls that failed: the bean threw, or its transaction did not commit. */
  long getFailed();

  /** Failures since a message was last taken. */
  int getConsecutiveFailures();

  /** Takes no more messages until {@link #resume}; calls under way go on. */
  void pause();

  /** Goes on, also after the pause that many failures made. */
  void resume();
}
